// Preloaded into the service: half a second after the start a thread of it crashes, in the way that CRASH names.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *
crash (void *way)
{
   usleep (500000);
   if (strcmp (way, "segv") == 0) {
      *(volatile int *) 0 = 1;
   } else if (strcmp (way, "trap") == 0) {
      __builtin_trap ();
   }
   abort ();
}

__attribute__ ((constructor)) static void
begin (void)
{
   pthread_t thread;
   char *way = getenv ("CRASH");
   if (way) {
      pthread_create (&thread, NULL, crash, way);
   }
}
