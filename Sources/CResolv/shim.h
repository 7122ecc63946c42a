#pragma once
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

// A resolver's state of one's own (resolver(3)), with a limit on its time: `seconds` for each of `attempts`.
// Swift imports neither the macros nor the struct.
static inline int
cresolv_search (const char *name, int type, int seconds, int attempts, unsigned char *answer, int size, int *error)
{
   struct __res_state state;
   int length;
   memset (&state, 0, sizeof state);
   if (res_ninit (&state) != 0) {
      *error = NO_RECOVERY;
      return -1;
   }
   state.retrans = seconds;
   state.retry = attempts;
   length = res_nsearch (&state, name, ns_c_in, type, answer, size);
   *error = state.res_h_errno;
   res_nclose (&state);
   return length;
}

// The rdata of an answer's record of `type`, by its place among those; a null pointer where there is none.
static inline const unsigned char *
cresolv_record (const unsigned char *answer, int length, int type, int index, int *size)
{
   ns_msg message;
   ns_rr record;
   int i;
   if (ns_initparse (answer, length, &message) != 0) {
      return NULL;
   }
   for (i = 0; i < ns_msg_count (message, ns_s_an); i++) {
      if (ns_parserr (&message, ns_s_an, i, &record) != 0) {
         return NULL;
      }
      if (ns_rr_type (record) == type && index-- == 0) {
         *size = ns_rr_rdlen (record);
         return ns_rr_rdata (record);
      }
   }
   return NULL;
}
