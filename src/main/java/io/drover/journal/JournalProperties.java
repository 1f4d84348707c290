package io.drover.journal;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the journal is written.
 *
 * @param deferReads whether the result of a tool that only reads is made durable before the next call that may depend on
 *                   it, and not before the next step. Defaults to true.
 */
@ConfigurationProperties("drover.journal")
public record JournalProperties(@DefaultValue("true") boolean deferReads) {}
