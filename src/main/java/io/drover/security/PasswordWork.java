package io.drover.security;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Hashes passwords, which costs as much as a hundred tasks.
 * It uses few platform threads of its own, so requests that need no login still find a processor.
 * Only a limited number of passwords may wait.
 */
final class PasswordWork {

    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private static final int MOST_WAITING = 50;

    private final ThreadPoolExecutor threads;

    private PasswordWork(int number, int mostWaiting) {
        threads = new ThreadPoolExecutor(
                number,
                number,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(mostWaiting),
                Thread.ofPlatform().daemon().name("password-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Of clients that are not known to have the right password: any number of them may come. */
    static PasswordWork ofStrangers() {
        return new PasswordWork(THREADS, MOST_WAITING);
    }

    /** @param most how many may come together, of which none is refused */
    static PasswordWork ofAtMost(int most) {
        return new PasswordWork(1, most);
    }

    /** @throws TooManyLoginsException when too many wait */
    <T> T run(Callable<T> work) {
        try {
            Future<T> result = threads.submit(work);
            return result.get();
        } catch (RejectedExecutionException e) {
            throw new TooManyLoginsException(
                    "too many passwords wait to be checked; send the request again later", Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TooManyLoginsException("the process is stopping", Duration.ofSeconds(5));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException thrown
                    ? thrown
                    : new IllegalStateException(Objects.requireNonNull(e.getCause()));
        }
    }
}
