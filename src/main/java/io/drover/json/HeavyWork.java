package io.drover.json;

import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs work whose cost grows with the size of foreign data.
 * A virtual thread that computes holds its carrier, and there are only as many carriers as processors.
 * So large work runs on platform threads of its own, which the system schedules fairly beside the carriers.
 * The virtual thread waits meanwhile, and holds no carrier.
 * Work on 1 MiB takes less than a second.
 */
final class HeavyWork {

    /** In characters. Below, work takes a few milliseconds at most. */
    private static final int LARGE = 64 * 1024;

    private static final int MOST_WAITING = 10_000;
    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private static final ThreadPoolExecutor POOL = pool();

    private HeavyWork() {}

    private static ThreadPoolExecutor pool() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().daemon().name("heavy-", 0).factory(),
                new ThreadPoolExecutor.CallerRunsPolicy());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Does some work: on another thread if it is large and the caller is a virtual thread.
     * The wait cannot be interrupted: it is short, and the caller's interrupt is still set afterwards.
     *
     * @param size of the data, in characters
     */
    static <T> T run(long size, Callable<T> work) throws Exception {
        if (size < LARGE || !Thread.currentThread().isVirtual()) {
            return work.call();
        }
        FutureTask<T> task = new FutureTask<>(work);
        POOL.execute(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw thrown(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The same for work without checked exceptions. */
    static <T> T runSafely(long size, Supplier<T> work) {
        try {
            return run(size, work::get);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a supplier throws no checked exception", e);
        }
    }

    private static Exception thrown(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return (Exception) Objects.requireNonNull(e.getCause(), "a future says why it failed");
    }
}
