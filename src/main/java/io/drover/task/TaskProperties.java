package io.drover.task;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits on what is taken in.
 *
 * @param maxBacklog    over so many queued tasks HTTP answers 429 and Kafka consumption pauses. Defaults to 1,000,000.
 * @param maxInputBytes the longest input of a task. Defaults to 1 MiB.
 */
@ConfigurationProperties("drover.queue")
public record TaskProperties(@DefaultValue("1000000") int maxBacklog, @DefaultValue("1048576") int maxInputBytes) {}
