/**
 * Long memory: facts that are kept by key, such as a customer's, and recalled by meaning.
 *
 * <p>It is used by guarded tools ({@link io.drover.memory.MemoryTools}), so what a task recalled is in its journal: a later
 * attempt hears the same facts again, whatever was remembered or forgotten meanwhile.
 */
@org.jspecify.annotations.NullMarked
package io.drover.memory;
