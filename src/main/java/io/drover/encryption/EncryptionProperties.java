package io.drover.encryption;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Encryption at rest.
 *
 * @param keyset a file with a keyset of Tink, in JSON, whose keys are AES256_GCM; without one nothing is sealed or opened
 * @param seal   whether what is written is sealed; what is sealed is opened in any case. Defaults to true.
 */
@ConfigurationProperties("drover.encryption")
record EncryptionProperties(@Nullable Path keyset, @DefaultValue("true") boolean seal) {}
