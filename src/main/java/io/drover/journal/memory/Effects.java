package io.drover.journal.memory;

import io.drover.journal.BeginRequest;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.Effect;
import io.drover.journal.EffectHolder;
import io.drover.journal.SubjectLimit;
import io.drover.journal.SubjectLimit.Earlier;
import io.drover.journal.SubjectLimit.Room;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The effects that calls have taken, who waits for them, and what calls have in common. Its store's lock guards it. */
final class Effects {

    private record Key(String scope, String name, String key) {

        static Key of(Effect effect) {
            return new Key(effect.scope(), effect.name(), effect.key());
        }
    }

    private record Call(UUID task, UUID address) {

        static Call of(CallRecord call) {
            return new Call(call.taskId(), call.address());
        }
    }

    private record Holder(Effect effect, Call call) {}

    private record Subject(UUID subject, Call call) {}

    private record Begun(String tool, Instant at) {}

    private final Map<Key, Holder> holders = new LinkedHashMap<>();
    private final Map<Key, Set<UUID>> waiting = new LinkedHashMap<>();
    private final Map<Subject, Begun> subjects = new LinkedHashMap<>();
    private final BiFunction<UUID, UUID, CallRecord> calls;

    /** @param calls finds a call by its task and its address */
    Effects(BiFunction<UUID, UUID, CallRecord> calls) {
        this.calls = calls;
    }

    private CallRecord find(Call call) {
        return calls.apply(call.task, call.address);
    }

    /** Another call that has the effect, or null: then it is this call's. */
    @Nullable
    EffectHolder other(@Nullable Effect effect, CallRecord call) {
        Holder holder = effect == null ? null : holders.get(Key.of(effect));
        if (holder == null || holder.call.equals(Call.of(call))) {
            return null;
        }
        CallRecord made = find(holder.call);
        Effect taken = holder.effect;
        return new EffectHolder(
                new Effect(taken.scope(), taken.name(), taken.key(), taken.tool()),
                made.taskId(),
                made.address(),
                made.n(),
                made.tool(),
                made.state(),
                made.arguments(),
                made.result());
    }

    void take(Effect effect, CallRecord call) {
        holders.put(Key.of(effect), new Holder(effect, Call.of(call)));
    }

    /** @return whether the task waits now; else that call has ended, or another one has the effect */
    boolean await(UUID task, EffectHolder first) {
        Key key = Key.of(first.effect());
        Holder holder = holders.get(key);
        if (holder == null
                || !holder.call.equals(new Call(first.task(), first.address()))
                || hasEnded(find(holder.call))) {
            return false;
        }
        waiting.computeIfAbsent(key, one -> new LinkedHashSet<>()).add(task);
        return true;
    }

    private static boolean hasEnded(CallRecord call) {
        return switch (call.state()) {
            case SUCCEEDED, REJECTED, FAILED -> true;
            case STARTED, IN_DOUBT, AGAIN, PENDING, FORGOTTEN -> false;
        };
    }

    /** Calls of a task have ended: failed ones give their effects back. @return the tasks that waited */
    Set<UUID> ended(UUID task) {
        Set<UUID> woken = new LinkedHashSet<>();
        List<Key> free = new ArrayList<>();
        holders.forEach((key, holder) -> {
            if (holder.call.task.equals(task) && hasEnded(find(holder.call))) {
                Set<UUID> tasks = waiting.remove(key);
                woken.addAll(tasks == null ? Set.of() : tasks);
                if (find(holder.call).state() == CallState.FAILED) {
                    free.add(key);
                }
            }
        });
        free.forEach(holders::remove);
        return woken;
    }

    /** Whether earlier calls leave room for this one. */
    Room judge(BeginRequest request, Instant now, Predicate<UUID> isOpen) {
        SubjectLimit limit = request.limit();
        if (limit == null) {
            return Room.FREE;
        }
        Call own = Call.of(request.call());
        List<Earlier> earlier = new ArrayList<>();
        subjects.forEach((subject, begun) -> {
            Duration age = Duration.between(begun.at, now);
            if (limit.subjects().contains(subject.subject)
                    && !subject.call.equals(own)
                    && age.compareTo(limit.within()) < 0) {
                CallRecord call = find(subject.call);
                if (counts(call)) {
                    earlier.add(new Earlier(
                            subject.subject,
                            call.taskId(),
                            call.address(),
                            begun.tool,
                            age,
                            call.arguments(),
                            call.state() == CallState.STARTED && isOpen.test(call.taskId())));
                }
            }
        });
        return limit.judge(earlier);
    }

    /** A call that another one answered for, or had the effect of, was not made. */
    private static boolean counts(CallRecord call) {
        return switch (call.state()) {
            case STARTED -> true;
            case SUCCEEDED -> call.fallback() == null;
            case IN_DOUBT ->
                call.error() == null
                        || Documents.tree(call.error()).path("effect").isMissingNode();
            case FAILED, AGAIN, REJECTED, PENDING, FORGOTTEN -> false;
        };
    }

    /** The call has begun. */
    void begun(BeginRequest request, Instant now) {
        if (request.limit() != null) {
            request.limit()
                    .subjects()
                    .forEach(subject -> subjects.put(
                            new Subject(subject, Call.of(request.call())),
                            new Begun(request.call().tool(), now)));
        }
    }
}
