package io.drover.journal;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call that a dry run did not make.
 *
 * @param call       its address
 * @param answeredBy what its result comes from: {@code tool:<name>}, {@code dryRunResult} or {@code echo}
 * @param asks       why a person would have been asked about it; null where no one would
 */
public record Preview(UUID task, UUID call, String answeredBy, @Nullable String asks) {}
