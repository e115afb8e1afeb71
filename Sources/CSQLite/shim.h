#include <sqlite3.h>

// Functions with variable arguments, and a constant that is a cast, which Swift does not import.

static inline int rapport_sqlite3_configure(sqlite3 *connection, int option, int value) {
    return sqlite3_db_config(connection, option, value, (int *)0);
}

// Makes 'localtime' and 'utc' an error in this process: what they answer depends on the machine.
static inline int rapport_sqlite3_forbid_local_time(void) {
    return sqlite3_test_control(SQLITE_TESTCTRL_LOCALTIME_FAULT, 1);
}

// SQLITE_TRANSIENT: what is bound is copied.
static inline int rapport_sqlite3_bind_text(sqlite3_stmt *statement, int index, const char *text, int byte_count) {
    return sqlite3_bind_text(statement, index, text, byte_count, SQLITE_TRANSIENT);
}
