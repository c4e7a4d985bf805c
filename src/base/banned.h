/* Functions that nobody here may call: the compiler refuses their names. Every file gets this header through the build's `-include`.
 * The headers that declare them come first, because a poisoned name may not even be declared afterwards.
 * What to use instead: struct buf and struct str for text, base's time for dates, str_int for numbers, crypto's random bytes. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#ifndef __ASSEMBLER__ /* the embedded files come as assembler and pass here too */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#ifdef FLOOR_PAPER
#include <xlsxwriter.h> /* has macros with such names in them */
#endif

/* with _FORTIFY_SOURCE some of them are macros for clang, which warns when a macro is poisoned */
#undef sprintf
#undef vsprintf
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef stpcpy
#undef stpncpy

/* no bound on what they write, or a bound that leaves text without its end */
#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat stpcpy stpncpy gets
#pragma GCC poison wcscpy wcscat wcsncpy wcsncat
/* hidden state shared by all threads */
#pragma GCC poison strtok gmtime localtime ctime asctime
/* as bad with a buffer of one's own: its size is assumed */
#pragma GCC poison ctime_r asctime_r
/* no way to tell an error from a zero */
#pragma GCC poison atoi atol atoll atof
/* overflow is undefined, and what was not matched is easily overlooked */
#pragma GCC poison scanf sscanf fscanf vscanf vsscanf vfscanf
/* can be guessed (random() is as bad, but libsodium has a field of that name) */
#pragma GCC poison rand srand rand_r srandom drand48 erand48 lrand48 nrand48 mrand48 jrand48 srand48
/* a name that somebody else can take first */
#pragma GCC poison tmpnam tempnam mktemp
/* a shell between us and the program */
#pragma GCC poison popen

#endif

#endif
