/** Encryption at rest: what of the database is sealed, and opened when it comes back. */
@NullMarked
package io.drover.encryption;

import org.jspecify.annotations.NullMarked;
