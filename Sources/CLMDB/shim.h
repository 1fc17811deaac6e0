#ifndef SANHU_CLMDB_SHIM_H
#define SANHU_CLMDB_SHIM_H
#include <lmdb.h>
#endif
