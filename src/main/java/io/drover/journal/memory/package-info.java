/**
 * The journal of a process that has no database: it is lost with the process, and so serves tests alone.
 * It does what the journal in PostgreSQL does, for one worker; {@code JournalContract} holds both to the same.
 */
@NullMarked
package io.drover.journal.memory;

import org.jspecify.annotations.NullMarked;
