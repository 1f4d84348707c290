package io.drover.mcp;

import io.drover.secret.SecretReference;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The header Authorization for a server: from configuration, or from a file that may be replaced at any time. */
final class Credential {

    private static final Logger LOG = LoggerFactory.getLogger(Credential.class);
    private static final int LONGEST = 16 << 10;

    private final @Nullable String fixed;
    private final @Nullable Path file;
    private volatile @Nullable String last;

    Credential(ServerSettings settings) {
        this.fixed = settings.authorization() == null ? null : SecretReference.in(settings.authorization());
        this.file = settings.authorizationFile();
    }

    /**
     * The current value, or null if the server needs none.
     *
     * @throws ConnectException when the file cannot be read and never could: nothing was sent
     */
    @Nullable
    String value() throws ConnectException {
        Path from = file;
        if (from == null) {
            return fixed;
        }
        try {
            if (Files.size(from) > LONGEST) {
                throw new IOException("it is longer than %d bytes".formatted(LONGEST));
            }
            String value = Files.readString(from).strip();
            if (value.isEmpty() || value.chars().anyMatch(Character::isISOControl)) {
                throw new IOException("it must hold the value of one header, on one line");
            }
            last = value;
        } catch (IOException e) {
            if (last == null) {
                throw new ConnectException("authorization-file (%s) cannot be read: %s".formatted(from, why(e)));
            }
            LOG.warn("authorization-file ({}) cannot be read, so its last value is used: {}", from, why(e));
        }
        return last;
    }

    private static String why(IOException e) {
        return e instanceof java.nio.file.NoSuchFileException ? "it does not exist" : String.valueOf(e.getMessage());
    }
}
