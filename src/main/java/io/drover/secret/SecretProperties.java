package io.drover.secret;

import io.drover.start.RefusedToStartException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where secrets are.
 *
 * @param directory holds one file for each secret, named as the secret is, as Kubernetes mounts a Secret; null for none
 */
@ConfigurationProperties("drover.secrets")
record SecretProperties(@Nullable Path directory) {

    static final String DIRECTORY = "drover.secrets.directory";

    void check() {
        if (directory != null && !Files.isDirectory(directory)) {
            throw new RefusedToStartException(
                    "%s (%s) is not a directory; mount the Secret there, or leave the setting out to use only the environment"
                            .formatted(DIRECTORY, directory));
        }
    }
}
