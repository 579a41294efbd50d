#include "config.h"
#include "greeting.h"
#ifdef HAVE_STDIO_H
#include <stdio.h>
#endif
#ifdef HAVE_WINDOWS_H
#error a Mac or a Linux is wanted
#endif

int main(void) {
    printf("%s from %s knows %d words\n", greeting_name(), greeting_prefix(), greeting_words());
    return 0;
}
