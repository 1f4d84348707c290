package io.drover.secret;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/**
 * The values of secrets: a file of {@code drover.secrets.directory}, else a variable of the environment.
 * A file is read for each request, so a rotated secret counts from the next one on.
 */
@Component
@EnableConfigurationProperties(SecretProperties.class)
public final class Secrets {

    /** Only such variables are secrets for routes: they must not read the process's own, such as its database password. */
    static final String VARIABLE = "DROVER_SECRET_";

    private static final int LONGEST = 16 << 10;

    private final @Nullable Path directory;
    private final Map<String, String> environment;

    @Autowired
    Secrets(SecretProperties properties) {
        this(properties, System.getenv());
    }

    Secrets(SecretProperties properties, Map<String, String> environment) {
        properties.check();
        this.directory = properties.directory();
        this.environment = environment;
    }

    /** The variable of the environment that holds a secret: {@code DROVER_SECRET_CRM_TOKEN} for {@code crm-token}. */
    static String variable(String name) {
        return VARIABLE + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /**
     * The value that a secret has now.
     *
     * @throws MissingSecretException when it has none
     */
    public String value(String name) throws MissingSecretException {
        String value = directory == null ? null : ofFile(directory.resolve(name), name);
        String from = value == null ? variable(name) : String.valueOf(directory);
        if (value == null) {
            value = environment.get(variable(name));
        }
        if (value == null) {
            throw missing(name, "does not exist");
        }
        String bare = value.strip();
        if (bare.isEmpty() || bare.chars().anyMatch(Character::isISOControl)) {
            throw missing(name, "is empty or has more than one line in " + from);
        }
        KnownSecrets.add(name, bare);
        return bare;
    }

    /** Why a secret has no value now, or null where it has one. */
    public @Nullable String problem(String name) {
        try {
            value(name);
            return null;
        } catch (MissingSecretException e) {
            return e.getMessage();
        }
    }

    /**
     * The text with the values of the secrets to which it refers.
     *
     * @param form how a value is written there
     * @throws MissingSecretException when one of them has none
     */
    public String resolved(String text, UnaryOperator<String> form) throws MissingSecretException {
        return SecretReference.replaced(text, name -> form.apply(value(name)));
    }

    private @Nullable String ofFile(Path file, String name) throws MissingSecretException {
        if (Files.exists(file) && !Files.isRegularFile(file)) { // a pipe would not end
            throw missing(name, "is not a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw missing(name, "is longer than %d bytes".formatted(LONGEST));
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException e) {
            return null;
        } catch (MissingSecretException e) {
            throw e;
        } catch (CharacterCodingException e) {
            throw missing(name, "is not UTF-8 text");
        } catch (IOException e) {
            throw missing(name, "cannot be read (%s)".formatted(e.getClass().getSimpleName()));
        }
    }

    private MissingSecretException missing(String name, String why) {
        return new MissingSecretException("the secret '%s' %s; %s"
                .formatted(
                        name,
                        why,
                        directory == null
                                ? "set the variable %s, or %s and a file of this name in it"
                                        .formatted(variable(name), SecretProperties.DIRECTORY)
                                : "write the file %s, or set the variable %s"
                                        .formatted(directory.resolve(name), variable(name))));
    }
}
