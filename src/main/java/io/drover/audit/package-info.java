/**
 * The audit log: chains of hashes that triggers of the database write, the Merkle tree over their heads, and signed
 * checkpoints that leave the database. {@code docs/audit.md} says what is proved, and how.
 */
@org.jspecify.annotations.NullMarked
package io.drover.audit;
