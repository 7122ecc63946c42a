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

static inline const char *
cmongoc_host (const mongoc_host_list_t *host)
{
   return host->host;
}

// The body of a reply (OP_MSG, kind 0: MongoDB's wire protocol) as a document; a null pointer where it is none.
// Free it with bson_destroy().
static inline bson_t *
cmongoc_body_of_reply (const uint8_t *message, size_t length)
{
   const size_t body = 16 + 4 + 1;
   uint32_t size;
   if (length < body + 5 || message[12] != 0xdd || message[13] != 0x07 || message[20] != 0) {
      return NULL;
   }
   memcpy (&size, message + body, sizeof size);
   size = BSON_UINT32_FROM_LE (size);
   return size > length - body ? NULL : bson_new_from_data (message + body, size);
}

// bson_set_error takes a format, which Swift cannot call.
static inline void
cmongoc_set_error (bson_error_t *error, uint32_t domain, uint32_t code, const char *message)
{
   bson_set_error (error, domain, code, "%s", message);
}

// A stream of our own: the driver's struct, and what it stands for.
typedef struct {
   mongoc_stream_t stream;
   void *context;
} cmongoc_stream_t;

static inline mongoc_stream_t *
cmongoc_stream_new (void *context)
{
   cmongoc_stream_t *stream = (cmongoc_stream_t *) bson_malloc0 (sizeof *stream);
   stream->context = context;
   return &stream->stream;
}

static inline void *
cmongoc_stream_context (mongoc_stream_t *stream)
{
   return ((cmongoc_stream_t *) stream)->context;
}

// The driver's own way to connect, which it exports and does not declare; user_data is the mongoc_client_t.
extern mongoc_stream_t *
mongoc_client_default_stream_initiator (const mongoc_uri_t *uri,
                                        const mongoc_host_list_t *host,
                                        void *user_data,
                                        bson_error_t *error);

static inline bson_t *
cmongoc_mechanism_properties (const mongoc_uri_t *uri)
{
   bson_t borrowed;
   return mongoc_uri_get_mechanism_properties (uri, &borrowed) ? bson_copy (&borrowed) : NULL;
}

// What stands in a document at a path such as `configs.0.name`: bson_iter_t is over-aligned too. A string that is returned is
// the document's own.
static inline bool
cmongoc_find_path (bson_iter_t *found, const bson_t *document, const char *path)
{
   bson_iter_t start;
   return bson_iter_init (&start, document) && bson_iter_find_descendant (&start, path, found);
}

static inline bool
cmongoc_has_path (const bson_t *document, const char *path)
{
   bson_iter_t found;
   return cmongoc_find_path (&found, document, path);
}

static inline const char *
cmongoc_string (const bson_t *document, const char *path)
{
   bson_iter_t found;
   return cmongoc_find_path (&found, document, path) && BSON_ITER_HOLDS_UTF8 (&found) ? bson_iter_utf8 (&found, NULL)
                                                                                      : NULL;
}

static inline bool
cmongoc_integer (const bson_t *document, const char *path, int64_t *value)
{
   bson_iter_t found;
   if (!cmongoc_find_path (&found, document, path) || !BSON_ITER_HOLDS_NUMBER (&found)) {
      return false;
   }
   *value = bson_iter_as_int64 (&found);
   return true;
}

static inline bool
cmongoc_boolean (const bson_t *document, const char *path, bool *value)
{
   bson_iter_t found;
   if (!cmongoc_find_path (&found, document, path)) {
      return false;
   }
   *value = bson_iter_as_bool (&found);
   return true;
}
