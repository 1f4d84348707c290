package io.drover.journal;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task as the database holds it.
 *
 * @param waitReason while it waits
 * @param attempt    attempts begun and not given back by waiting
 * @param token      fencing token; grows with every claim and every decision from outside
 * @param runAt      when it was or will be due; null while only a person can wake it
 * @param worker     the worker that runs it, while it runs
 * @param definition digest of the workflow definition of the latest attempt, or null before the first
 * @param submitter  who or what submitted it
 * @param track      stable or canary: whose workers claim it
 * @param input      a JSON document
 * @param output     a JSON document, exactly when it is completed
 * @param error      a JSON document: why it is dead, waits or is tried again
 * @param erasedAt   when what was kept about its user was erased, or null
 * @param removedAt  when its content was removed because of its age, or null
 * @param usd        what it cost, once its content is removed; null if it cost nothing
 */
public record TaskView(
        UUID id,
        String workflow,
        @Nullable String key,
        TaskStatus status,
        @Nullable WaitReason waitReason,
        int priority,
        int attempt,
        long token,
        @Nullable Instant runAt,
        @Nullable UUID worker,
        @Nullable Long definition,
        Submitter submitter,
        String track,
        String input,
        @Nullable String output,
        @Nullable String error,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant erasedAt,
        @Nullable Instant removedAt,
        @Nullable BigDecimal usd) {}
