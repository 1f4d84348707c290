package io.drover.journal;

import io.drover.json.Digest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A caller: an attempt at a task, or one try of a call whose tool makes calls. A call is addressed by its content: its
 * caller, tool, canonical arguments, and its occurrence number among equal calls. Another attempt, or another try,
 * makes the same calls under the same addresses. Thread-safe.
 */
public final class CallScope {

    /** Of equal calls, for one that is looked for by its address. */
    private static final int MOST_SEARCHED = 10_000;

    private final UUID caller;
    private final Map<String, Occurrences> occurrences = new ConcurrentHashMap<>();

    /** @param caller a task's id, or a call's address */
    public CallScope(UUID caller) {
        this.caller = caller;
    }

    /** A task's id, or a call's address. */
    public UUID caller() {
        return caller;
    }

    /** The address of the next call of a tool with these arguments. Equal calls get one address each. */
    public UUID nextAddress(String tool, String canonicalArguments) {
        return address(tool, canonicalArguments, of(tool, canonicalArguments).take());
    }

    /** What {@link #nextAddress} would answer; it stays the next. */
    public UUID peekAddress(String tool, String canonicalArguments) {
        return address(tool, canonicalArguments, of(tool, canonicalArguments).next());
    }

    /**
     * Takes the first of these occurrences that is free, or else the lowest free one that is not among the others, so
     * that each of several equal but not interchangeable things finds its own again.
     */
    public int take(String tool, String canonicalArguments, List<Integer> preferred, Set<Integer> others) {
        return of(tool, canonicalArguments).take(preferred, others);
    }

    /** Takes this address, which its call had before; no other call gets it. */
    public void take(UUID address, String tool, String canonicalArguments) {
        for (int i = 1; i <= MOST_SEARCHED; i++) {
            if (address(tool, canonicalArguments, i).equals(address)) {
                of(tool, canonicalArguments).take(i);
                return;
            }
        }
    }

    /**
     * Gives an address back, because its call has no result and may have taken effect: the next equal call is the same
     * call again, under the same key, and not a second one.
     */
    public void giveBack(UUID address, String tool, String canonicalArguments) {
        Occurrences equal = of(tool, canonicalArguments);
        for (int i = 1; i <= equal.last(); i++) {
            if (address(tool, canonicalArguments, i).equals(address)) {
                equal.free(i);
                return;
            }
        }
    }

    private Occurrences of(String tool, String canonicalArguments) {
        return occurrences.computeIfAbsent(tool + '\0' + canonicalArguments, k -> new Occurrences());
    }

    /** The address of that call among those that are equal. */
    public UUID address(String tool, String canonicalArguments, int occurrence) {
        return Digest.uuid(caller.toString(), tool, canonicalArguments, Integer.toString(occurrence));
    }

    /** The occurrence numbers of equal calls. */
    private static final class Occurrences {

        private final TreeSet<Integer> free = new TreeSet<>();
        private int last;

        synchronized int take() {
            Integer lowest = free.pollFirst();
            return lowest != null ? lowest : ++last;
        }

        synchronized int take(List<Integer> preferred, Set<Integer> others) {
            for (int occurrence : preferred) {
                if (take(occurrence)) {
                    return occurrence;
                }
            }
            int occurrence = 1;
            while (others.contains(occurrence) || !take(occurrence)) {
                occurrence++;
            }
            return occurrence;
        }

        /** @return false when it is taken */
        synchronized boolean take(int occurrence) {
            while (last < occurrence) {
                free.add(++last);
            }
            return free.remove(occurrence);
        }

        synchronized int next() {
            return free.isEmpty() ? last + 1 : free.first();
        }

        synchronized void free(int occurrence) {
            free.add(occurrence);
        }

        synchronized int last() {
            return last;
        }
    }
}
