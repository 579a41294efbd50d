#include "greeting.h"
#include "config.h"

int word12(void);

const char *greeting_name(void) { return NAME; }
const char *greeting_prefix(void) { return PREFIX; }
int greeting_words(void) { return word12(); }
