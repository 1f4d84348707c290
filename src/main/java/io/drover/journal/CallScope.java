package io.drover.journal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A caller: an attempt at a task, or one try of a call whose tool makes calls. A call is addressed by its content: its
 * caller, tool, canonical arguments, and its occurrence number among equal calls. Another attempt, or another try,
 * makes the same calls under the same addresses. Thread-safe.
 */
public final class CallScope {

    /** Of equal calls, for one that is looked for by its address. */
    private static final int MOST_SEARCHED = 10_000;

    /** Of the equal calls before one that is recorded: a redo forgot them, or they were put off. */
    private static final int MOST_MISSING = 3;

    private final UUID caller;
    private final @Nullable Attempt attempt;
    private final Addresses addresses;
    private final Map<String, Occurrences> occurrences = new ConcurrentHashMap<>();

    /**
     * @param caller  a task's id, or a call's address
     * @param attempt whose recorded calls are found again, or null
     */
    public CallScope(UUID caller, @Nullable Attempt attempt) {
        this.caller = caller;
        this.attempt = attempt;
        this.addresses = attempt == null ? Addresses.PLAIN : attempt.task().addresses();
    }

    /** A task's id, or a call's address. */
    public UUID caller() {
        return caller;
    }

    /**
     * The address of the next call of a tool with these arguments. Equal calls get one address each.
     * Among equal recorded calls it is the first that was made in the same branch; else the first that is not that of a
     * branch beside it, which will ask for it: so no branch gets the result of another.
     *
     * @param branch the path of the caller's branch, as {@code /s0}, or empty
     */
    public UUID nextAddress(String branch, String tool, String canonicalArguments) {
        return address(tool, canonicalArguments, of(tool, canonicalArguments).take(branch));
    }

    /** What {@link #nextAddress} would answer; it stays the next. */
    public UUID peekAddress(String branch, String tool, String canonicalArguments) {
        return address(tool, canonicalArguments, of(tool, canonicalArguments).next(branch));
    }

    /**
     * Takes the first of these occurrences that is free, or else the lowest free one that is not among the others, so
     * that each of several equal but not interchangeable things finds its own again.
     */
    public int take(String tool, String canonicalArguments, List<Integer> preferred, Set<Integer> others) {
        return of(tool, canonicalArguments).take(preferred, others);
    }

    /**
     * Takes this address, which its call had before; no other call gets it.
     *
     * @return false when another call has it
     */
    public boolean take(UUID address, String tool, String canonicalArguments) {
        for (int i = 1; i <= MOST_SEARCHED; i++) {
            if (address(tool, canonicalArguments, i).equals(address)) {
                return of(tool, canonicalArguments).take(i);
            }
        }
        return false;
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
        return occurrences.computeIfAbsent(
                tool + '\0' + canonicalArguments, k -> new Occurrences(owners(tool, canonicalArguments)));
    }

    /** The branches in which the recorded calls of a kind were made, in the order of their occurrence numbers. */
    private List<String> owners(String tool, String canonicalArguments) {
        if (attempt == null || !attempt.isResumed()) {
            return List.of();
        }
        List<String> owners = new ArrayList<>();
        for (int missing = 0; missing <= MOST_MISSING; ) {
            CallRecord known = attempt.peek(address(tool, canonicalArguments, owners.size() + 1));
            missing = known == null ? missing + 1 : 0;
            owners.add(known == null || known.branch() == null ? "" : known.branch());
        }
        return owners.subList(0, owners.size() - MOST_MISSING - 1);
    }

    /** The address of that call among those that are equal. */
    public UUID address(String tool, String canonicalArguments, int occurrence) {
        UUID mirrored = attempt == null ? null : attempt.mirrored(caller, tool, canonicalArguments, occurrence);
        return attempt != null && mirrored != null && attempt.peek(mirrored) != null
                ? mirrored
                : addresses.of(caller.toString(), tool, canonicalArguments, Integer.toString(occurrence));
    }

    /** The occurrence numbers of equal calls. */
    private static final class Occurrences {

        private final List<String> owners;

        /** By the branch in which each was made; those of which nothing is recorded are in none. */
        private final Map<String, TreeSet<Integer>> free = new HashMap<>();

        private int last;

        Occurrences(List<String> owners) {
            this.owners = owners;
            while (last < owners.size()) {
                free(++last);
            }
        }

        synchronized int take(String branch) {
            int occurrence = next(branch);
            take(occurrence);
            return occurrence;
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
                free(++last);
            }
            TreeSet<Integer> equal = free.get(owner(occurrence));
            return equal != null && equal.remove(occurrence);
        }

        synchronized int next(String branch) {
            TreeSet<Integer> own = free.get(branch);
            if (own != null && !own.isEmpty()) {
                return own.first();
            }
            return free.entrySet().stream()
                    .filter(others -> !others.getValue().isEmpty() && !areBeside(others.getKey(), branch))
                    .mapToInt(others -> others.getValue().first())
                    .min()
                    .orElse(last + 1);
        }

        synchronized void free(int occurrence) {
            free.computeIfAbsent(owner(occurrence), k -> new TreeSet<>()).add(occurrence);
        }

        synchronized int last() {
            return last;
        }

        private String owner(int occurrence) {
            return occurrence <= owners.size() ? owners.get(occurrence - 1) : "";
        }

        /** Whether two paths lead into different parts of one step. Where the route was edited they may not. */
        private static boolean areBeside(String one, String other) {
            String[] first = one.split("/");
            String[] second = other.split("/");
            for (int i = 1; i < Math.min(first.length, second.length); i++) {
                if (!first[i].equals(second[i])) {
                    return first[i].charAt(0) == second[i].charAt(0);
                }
            }
            return false;
        }
    }
}
