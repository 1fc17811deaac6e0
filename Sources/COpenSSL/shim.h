#ifndef SANHU_COPENSSL_SHIM_H
#define SANHU_COPENSSL_SHIM_H

/* The plain functions of SHA-256 keep their state where the caller wants it; the others need an object on the heap and cost
   twice as much for a short message. They are discouraged, not going away: see docs/decisions. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#endif
