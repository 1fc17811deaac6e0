#ifndef SANHU_CLMDB_SHIM_H
#define SANHU_CLMDB_SHIM_H
#include <lmdb.h>

/* In glibc since 2.28, but declared only for programs that ask for GNU extensions. */
extern int renameat2(int, const char *, int, const char *, unsigned int);
#include <sys/types.h>

/* Declared by <fcntl.h> only for GNU sources, which Swift's import of the C library is not. */
extern int fallocate(int descriptor, int mode, off_t offset, off_t length);

#endif
