#pragma once
#include <mongoc/mongoc.h>
#include <stdlib.h>

// bson_iter_t is over-aligned in Debian's build (BSON_EXTRA_ALIGN), so Swift imports only pointers to it:
// it has to be allocated here. Free it with free().
static inline bson_iter_t *
cmongoc_iter_new (const bson_t *document)
{
   void *iter = NULL;
   if (posix_memalign (&iter, _Alignof (bson_iter_t), sizeof (bson_iter_t)) != 0) {
      return NULL;
   }
   if (!bson_iter_init ((bson_iter_t *) iter, document)) {
      free (iter);
      return NULL;
   }
   return (bson_iter_t *) iter;
}

static inline void
cmongoc_iter_free (bson_iter_t *iter)
{
   free (iter);
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
