#ifndef SANHU_CLMDB_SHIM_H
#define SANHU_CLMDB_SHIM_H
#include <lmdb.h>
#include <sys/types.h>

/* Declared by <fcntl.h> only for GNU sources, which Swift's import of the C library is not. */
extern int fallocate(int descriptor, int mode, off_t offset, off_t length);

#endif
