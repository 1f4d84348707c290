package io.drover.journal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The calls that a live task and its shadow made themselves, in their order; those that their tools made are left out.
 * Where a tool redacts its arguments, a call of it is left out, too: what it is known by cannot be told from its record.
 *
 * @param unheard all calls of the shadow that the live task did not make, those of its tools and agents, too
 */
public record MirroredCalls(List<CallRecord> live, List<CallRecord> shadow, List<CallRecord> unheard) {

    /** A task, and what the addresses of its calls are made with. */
    public record Side(UUID id, Addresses addresses) {}

    /**
     * Chooses them.
     *
     * @param heard all calls of the live task
     * @param calls all calls of the shadow
     */
    public static MirroredCalls of(Side live, List<CallRecord> heard, Side shadow, List<CallRecord> calls) {
        Set<UUID> known = new HashSet<>();
        heard.forEach(call -> known.add(call.address()));
        Predicate<CallRecord> isOwn = isMadeBy(shadow, calls);
        return new MirroredCalls(
                heard.stream().filter(isMadeBy(live, heard)).toList(),
                calls.stream()
                        .filter(call -> known.contains(call.address()) || isOwn.test(call))
                        .toList(),
                calls.stream().filter(call -> !known.contains(call.address())).toList());
    }

    /** Steps that are no calls of tools are the workflow's own: no tool awaits a task. */
    private static Predicate<CallRecord> isMadeBy(Side task, List<CallRecord> calls) {
        Map<String, Integer> equal = new HashMap<>();
        calls.forEach(call -> equal.merge(call.tool() + '\0' + call.arguments(), 1, Integer::sum));
        return call -> {
            if (call.tool().indexOf(':') >= 0) {
                return true;
            }
            int most = equal.getOrDefault(call.tool() + '\0' + call.arguments(), 0);
            for (int i = 1; i <= most; i++) {
                if (task.addresses()
                        .of(task.id().toString(), call.tool(), call.arguments(), Integer.toString(i))
                        .equals(call.address())) {
                    return true;
                }
            }
            return false;
        };
    }
}
