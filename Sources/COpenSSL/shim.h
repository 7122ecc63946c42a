#pragma once
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/ui.h>
#include <openssl/x509v3.h>
#include <string.h>

// Macros and typed stacks of OpenSSL, which Swift does not import.

static inline void
copenssl_set_options_as_libmongoc (SSL_CTX *context)
{
   SSL_CTX_set_options (context, SSL_OP_ALL | SSL_OP_NO_SSLv2 | SSL_OP_NO_COMPRESSION);
   SSL_CTX_set_mode (context, SSL_MODE_AUTO_RETRY | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

static inline long
copenssl_set_server_name (SSL *tls, const char *name)
{
   return SSL_set_tlsext_host_name (tls, name);
}

static inline int
copenssl_reason (unsigned long error)
{
   return ERR_GET_REASON (error);
}

static inline int
copenssl_certificate_count (const STACK_OF (X509) * certificates)
{
   return certificates ? sk_X509_num (certificates) : 0;
}

static inline X509 *
copenssl_certificate (const STACK_OF (X509) * certificates, int index)
{
   return sk_X509_value (certificates, index);
}

static inline int
copenssl_name_count (const GENERAL_NAMES *names)
{
   return names ? sk_GENERAL_NAME_num (names) : 0;
}

static inline GENERAL_NAME *
copenssl_name (const GENERAL_NAMES *names, int index)
{
   return sk_GENERAL_NAME_value (names, index);
}

static inline void
copenssl_free_names (GENERAL_NAMES *names)
{
   GENERAL_NAMES_free (names);
}

// A name in one line, as RFC 2253 writes it but from the first part to the last. Free it with copenssl_free().
static inline char *
copenssl_text_of_name (const X509_NAME *name)
{
   BIO *memory = BIO_new (BIO_s_mem ());
   char *text = NULL;
   char *bytes = NULL;
   long length;
   if (memory && X509_NAME_print_ex (memory, name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB & ~XN_FLAG_SPC_EQ) >= 0) {
      length = BIO_get_mem_data (memory, &bytes);
      text = OPENSSL_strndup (bytes, (size_t) length);
   }
   BIO_free (memory);
   return text;
}

static inline void
copenssl_free (void *memory)
{
   OPENSSL_free (memory);
}
