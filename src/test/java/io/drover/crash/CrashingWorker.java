package io.drover.crash;

import io.drover.Drover;
import io.drover.journal.ApprovalRequests;
import io.drover.journal.AttemptEnd;
import io.drover.journal.BeginRequest;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.ChildCall;
import io.drover.journal.ChildCalls;
import io.drover.journal.ClaimRequest;
import io.drover.journal.ClaimedTask;
import io.drover.journal.EffectHolder;
import io.drover.journal.Journal;
import io.drover.journal.LateResult;
import io.drover.journal.Lease;
import io.drover.journal.NewTask;
import io.drover.journal.PendingCall;
import io.drover.journal.PendingCalls;
import io.drover.journal.Room;
import io.drover.journal.Signal;
import io.drover.journal.Signals;
import io.drover.journal.Submission;
import io.drover.journal.TaskQueue;
import io.drover.start.ProcessStart;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthComponent;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;

/** The production process, but it dies at the {@link CrashPoint} that the system property {@code crash.point} names. No @Configuration: other tests must not find it. */
public class CrashingWorker {

    public static void main(String[] args) {
        ProcessStart.run(new SpringApplication(Drover.class, CrashingWorker.class), args);
    }

    @Bean
    static BeanPostProcessor crashing() {
        String name = System.getProperty("crash.point", "");
        CrashPoint point = name.isEmpty() ? null : CrashPoint.valueOf(name);
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String beanName) {
                if (bean instanceof TaskQueue queue) {
                    return new CrashingQueue(queue, point);
                }
                if (bean instanceof PendingCalls calls) {
                    return new CrashingPendingCalls(calls, point);
                }
                if (bean instanceof Signals signals) {
                    return new CrashingSignals(signals, point);
                }
                if (bean instanceof ChildCalls children) {
                    return new CrashingChildCalls(children, point);
                }
                if (bean instanceof ApprovalRequests approvals) {
                    return (ApprovalRequests) request -> around(
                            point == CrashPoint.BEFORE_ASKED,
                            point == CrashPoint.AFTER_ASKED,
                            () -> CompletableFuture.completedFuture(
                                    approvals.ask(request).join()));
                }
                return bean instanceof Journal journal ? new CrashingJournal(journal, point) : bean;
            }
        };
    }

    /** Says in the log what a probe would hear, on a thread that needs no carrier. */
    @Bean
    static ApplicationListener<ApplicationReadyEvent> probed() {
        return ready -> {
            if (System.getenv("DROVER_TEST_FREEZE") != null) {
                HealthEndpoint health = ready.getApplicationContext().getBean(HealthEndpoint.class);
                Thread.ofPlatform().daemon().name("probing").start(() -> probe(health));
            }
        };
    }

    private static void probe(HealthEndpoint health) {
        String before = "";
        while (true) {
            HealthComponent live = health.healthForPath("live");
            String now = "live: " + live.getStatus() + " " + ((Health) health.healthForPath("attempts")).getDetails();
            if (!now.equals(before)) {
                System.out.println(now);
                before = now;
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    private static final java.util.concurrent.atomic.AtomicBoolean FROZEN =
            new java.util.concurrent.atomic.AtomicBoolean();

    /**
     * Takes all carriers, and this thread's, by work that never yields, as a long parse is, until a signal comes.
     * It is nice to the process that takes over.
     */
    private static void freeze() {
        try {
            new ProcessBuilder(
                            "renice",
                            "-n",
                            "19",
                            "-p",
                            "" + ProcessHandle.current().pid())
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        java.util.concurrent.atomic.AtomicBoolean spins = new java.util.concurrent.atomic.AtomicBoolean(true);
        sun.misc.Signal.handle(new sun.misc.Signal("USR2"), signal -> spins.set(false));
        Runnable spin = () -> {
            while (spins.get()) {
                Thread.onSpinWait();
            }
        };
        for (int i = 0; i < Runtime.getRuntime().availableProcessors() * 2; i++) {
            Thread.startVirtualThread(spin);
        }
        spin.run();
    }

    private static <T> T around(boolean before, boolean after, Supplier<T> commit) {
        if (before) {
            Runtime.getRuntime().halt(137);
        }
        T result = commit.get();
        if (after) {
            Runtime.getRuntime().halt(137);
        }
        return result;
    }

    /** Tasks that another one awaits, whether they were claimed or began when they were stored. */
    private static final Set<UUID> CHILDREN = ConcurrentHashMap.newKeySet();

    private record CrashingQueue(TaskQueue queue, CrashPoint point) implements TaskQueue {

        @Override
        public CompletableFuture<Submission> submit(NewTask task) {
            return queue.submit(task);
        }

        @Override
        public List<ClaimedTask> claim(UUID worker, List<ClaimRequest> requests, Room room) {
            if (point == CrashPoint.BEFORE_CLAIM) {
                Runtime.getRuntime().halt(137);
            }
            List<ClaimedTask> claimed = queue.claim(worker, requests, room);
            if (point == CrashPoint.AFTER_CLAIM && !claimed.isEmpty()) {
                Runtime.getRuntime().halt(137);
            }
            claimed.stream()
                    .filter(task -> task.family() != null)
                    .map(ClaimedTask::id)
                    .forEach(CHILDREN::add);
            return claimed;
        }

        @Override
        public CompletableFuture<Boolean> end(Lease lease, AttemptEnd end, List<CallRecord> reads) {
            return around(
                    point == CrashPoint.BEFORE_END
                            || point == CrashPoint.BEFORE_CHILD_END && CHILDREN.contains(lease.task()),
                    point == CrashPoint.AFTER_END
                            || point == CrashPoint.AFTER_CHILD_END && CHILDREN.contains(lease.task())
                            || point == CrashPoint.AFTER_WAITING && end instanceof AttemptEnd.Waiting,
                    () -> CompletableFuture.completedFuture(
                            queue.end(lease, end, reads).join()));
        }
    }

    private record CrashingPendingCalls(PendingCalls calls, CrashPoint point) implements PendingCalls {
        @Override
        public CompletableFuture<CallRecord> begin(PendingCall call) {
            return around(
                    point == CrashPoint.BEFORE_PENDING,
                    point == CrashPoint.AFTER_PENDING,
                    () -> CompletableFuture.completedFuture(calls.begin(call).join()));
        }
    }

    private record CrashingChildCalls(ChildCalls calls, CrashPoint point) implements ChildCalls {
        @Override
        public CompletableFuture<Boolean> begin(ChildCall call) {
            CHILDREN.add(call.task().id());
            return around(
                    false,
                    point == CrashPoint.AFTER_CHILD,
                    () -> CompletableFuture.completedFuture(calls.begin(call).join()));
        }

        @Override
        public int settleEnded() {
            return calls.settleEnded();
        }
    }

    private record CrashingSignals(Signals signals, CrashPoint point) implements Signals {
        @Override
        public CompletableFuture<Signal.Outcome> send(Signal signal) {
            return around(
                    false,
                    point == CrashPoint.AFTER_SIGNAL,
                    () -> CompletableFuture.completedFuture(signals.send(signal).join()));
        }

        @Override
        public int forget(Duration age, int most) {
            return signals.forget(age, most);
        }
    }

    private record CrashingJournal(Journal journal, CrashPoint point, AtomicInteger results, AtomicInteger grants)
            implements Journal {
        CrashingJournal(Journal journal, CrashPoint point) {
            this(journal, point, new AtomicInteger(), new AtomicInteger());
        }

        @Override
        public CompletableFuture<Boolean> record(CallRecord call) {
            return ended(call, journal::record);
        }

        @Override
        public CompletableFuture<Boolean> recordEnd(CallRecord call) {
            return ended(call, journal::recordEnd);
        }

        @Override
        public CompletableFuture<Boolean> awaitEnd(UUID task, EffectHolder first) {
            return journal.awaitEnd(task, first);
        }

        private CompletableFuture<Boolean> ended(
                CallRecord call, Function<CallRecord, CompletableFuture<Boolean>> record) {
            if (System.getenv("DROVER_TEST_FREEZE") != null && FROZEN.compareAndSet(false, true)) {
                freeze();
            }
            int result = call.state() == CallState.SUCCEEDED ? results.incrementAndGet() : 0;
            boolean again = result == 1 && call.tool().equals("read");
            boolean flag = call.tool().startsWith("flag:");
            return around(
                    flag && point == CrashPoint.BEFORE_FLAG
                            || again && point == CrashPoint.BEFORE_REDONE_READ
                            || result == 1 && point == CrashPoint.BEFORE_FIRST_RESULT
                            || result == 2 && point == CrashPoint.BEFORE_SECOND_RESULT,
                    flag && point == CrashPoint.AFTER_FLAG
                            || again && point == CrashPoint.AFTER_REDONE_READ
                            || result == 1 && point == CrashPoint.AFTER_FIRST_RESULT
                            || result == 2 && point == CrashPoint.AFTER_SECOND_RESULT,
                    () -> CompletableFuture.completedFuture(record.apply(call).join()));
        }

        @Override
        public CompletableFuture<Begin> begin(BeginRequest request, List<CallRecord> reads) {
            if (System.getenv("DROVER_TEST_FREEZE") != null && FROZEN.compareAndSet(false, true)) {
                freeze();
            }
            // the first time nothing is approved
            boolean approved = request.grant() != null && grants.incrementAndGet() == 2;
            boolean again = !reads.isEmpty()
                    && results.getAndAdd(reads.size()) == 0
                    && reads.getFirst().tool().equals("read");
            return around(
                    again && point == CrashPoint.BEFORE_REDONE_READ
                            || point == CrashPoint.BEFORE_FIRST_STARTED
                            || approved
                                    && (point == CrashPoint.BEFORE_GRANT_SPENT
                                            || point == CrashPoint.BEFORE_REDONE_GRANT_SPENT),
                    again && point == CrashPoint.AFTER_REDONE_READ
                            || point == CrashPoint.AFTER_FIRST_STARTED
                            || approved
                                    && (point == CrashPoint.AFTER_GRANT_SPENT
                                            || point == CrashPoint.AFTER_REDONE_GRANT_SPENT),
                    () -> CompletableFuture.completedFuture(
                            journal.begin(request, reads).join()));
        }

        @Override
        public CompletableFuture<Void> keepLate(LateResult late) {
            return journal.keepLate(late);
        }

        @Override
        public Map<UUID, List<CallRecord>> callsToUse(Collection<UUID> tasks) {
            return journal.callsToUse(tasks);
        }
    }
}
