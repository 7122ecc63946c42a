#pragma once
#include <malloc.h>
#include <mongoc/mongoc.h>
#include <stdlib.h>

// Has freed memory of a megabyte or more go back to the system at once. By itself glibc raises this threshold to what was
// freed, and then keeps as much for every thread that has had a large reply.
static inline void
cmongoc_return_large_memory (void)
{
#ifdef M_MMAP_THRESHOLD
   mallopt (M_MMAP_THRESHOLD, 1 << 20);
#endif
}

// bson_t is over-aligned in Debian's build (BSON_EXTRA_ALIGN), so Swift knows only pointers to it and none of its fields.
static inline uint32_t
cmongoc_length (const bson_t *document)
{
   return document->len;
}

// Storage for a document that the driver initialises, whatever it held before: bson_new() would be lost.
// Free it with cmongoc_reply_free(), once it is initialised.
static inline bson_t *
cmongoc_reply_new (void)
{
   void *reply = NULL;
   return posix_memalign (&reply, _Alignof (bson_t), sizeof (bson_t)) == 0 ? (bson_t *) reply : NULL;
}

static inline void
cmongoc_reply_free (bson_t *reply)
{
   bson_destroy (reply);
   free (reply);
}

// bson_error_t's text is a C array, which Swift imports as a tuple of 504 elements.
static inline const char *
cmongoc_error_message (const bson_error_t *error)
{
   return error->message;
}

static inline const char *
cmongoc_host_and_port (const mongoc_host_list_t *host)
{
   return host->host_and_port;
}
