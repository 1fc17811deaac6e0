#ifndef SANHU_CZSTD_SHIM_H
#define SANHU_CZSTD_SHIM_H
#include <zstd.h>
#include <zstd_errors.h>
#include <zdict.h>
#endif
