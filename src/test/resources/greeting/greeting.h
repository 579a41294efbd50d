/* Says who greets from where, and how many words it knows. */
const char *greeting_name(void);
const char *greeting_prefix(void);
int greeting_words(void);
