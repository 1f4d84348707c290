package io.drover.encryption;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Seals payloads before they go to the database, and opens them when they come back. What is not sealed is read as it is,
 * so rows from before and after encryption was turned on stand side by side.
 *
 * <p>A value is bound to its row and column. The database copies values into documents of other rows, as the output of a
 * child into the result of its parent's call: there the document, or what else of the row is given, must name the row that
 * the value comes from.
 */
public final class Seals {

    /** Without keys. */
    public static final Seals NONE = new Seals(null, false, false);

    /** In a sealed error, what tells equal causes apart from others without showing them. */
    private static final String CAUSE = "\"drv1:cause\":\"";

    private static final Pattern CAUSES = Pattern.compile(CAUSE + "[0-9a-f]*+\",?");

    private final @Nullable Keyset keys;
    private final boolean seals;
    private final boolean lenient;

    private Seals(@Nullable Keyset keys, boolean seals, boolean lenient) {
        this.keys = keys;
        this.seals = seals;
        this.lenient = lenient;
    }

    /**
     * With the keys of a file.
     *
     * @param seals whether values are sealed that are written
     */
    public static Seals with(Path keyset, boolean seals) {
        return new Seals(Keyset.read(keyset), seals, false);
    }

    /** Those of a database. */
    public static Seals of(DataSource database) {
        try {
            return database.isWrapperFor(Seals.class) ? database.unwrap(Seals.class) : NONE;
        } catch (SQLException e) {
            throw new IllegalStateException("a data source cannot tell what it is", e);
        }
    }

    /** Those of a connection's database. */
    public static Seals of(Connection connection) throws SQLException {
        return connection.isWrapperFor(Seals.class) ? connection.unwrap(Seals.class) : NONE;
    }

    /** The database, whose payloads these seal and open from now on. */
    public DataSource on(DataSource database) {
        return new SealingDataSource(database, this);
    }

    /** For people: where a value cannot be opened, the reason stands in its place. */
    public Seals forPeople() {
        return new Seals(keys, seals, true);
    }

    /** Whether what is written is sealed. */
    public boolean areOn() {
        return seals;
    }

    /** The ids of the keys that open. */
    public Set<String> keys() {
        return keys == null ? Set.of() : keys.keys();
    }

    /** The id of the key that seals; null if nothing is sealed. */
    public @Nullable String primary() {
        return keys == null || !seals ? null : keys.primary();
    }

    /**
     * With what a new task keys the addresses of its calls; null where nothing is sealed. The same task gets the same, until
     * another key seals: a task that is submitted again after a restore then makes its calls under the same addresses.
     */
    public @Nullable String addressKey(UUID task) {
        return keys == null || !seals ? null : keys.digest(keys.primary(), "addresses of " + task);
    }

    /** Seals a JSON document. @param row the id of its row: a UUID or a number */
    public @Nullable String seal(SealedColumn column, Object row, @Nullable String document) {
        if (document == null || keys == null || !seals) {
            return document == null ? null : Clear.keep(document);
        }
        return column.clear().isEmpty()
                ? quoted(token(keys, column, row, document))
                : sealMembers(keys, column, row, document);
    }

    private static String sealMembers(Keyset keys, SealedColumn column, Object row, String document) {
        JsonNode node = parse(document);
        if (!node.isObject()) {
            return quoted(token(keys, column, row, document));
        }
        List<String> members = new ArrayList<>();
        if (column == SealedColumn.TASK_ERROR) {
            String cause = Causes.of(node.path("message").asText());
            members.add(CAUSE + keys.digest(keys.primary(), cause) + "\"");
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String value = Json.write(member.getValue());
            members.add(Clear.keep(Json.write(member.getKey())) + ":"
                    + (column.clear().contains(member.getKey())
                            ? Clear.keep(value)
                            : quoted(token(keys, column, row, value))));
        }
        return "{" + String.join(",", members) + "}";
    }

    /** Seals a text. @param row as above */
    public @Nullable String sealText(SealedColumn column, Object row, @Nullable String text) {
        if (text == null || keys == null || !seals) {
            return text == null ? null : Clear.keep(text);
        }
        return token(keys, column, row, Json.write(text));
    }

    /** Seals bytes. @param row as above */
    public byte @Nullable [] sealBytes(SealedColumn column, Object row, byte @Nullable [] bytes) {
        if (bytes == null || keys == null || !seals) {
            return bytes;
        }
        return token(keys, column, row, bytes).getBytes(StandardCharsets.US_ASCII);
    }

    private static String token(Keyset keys, SealedColumn column, Object row, String document) {
        return token(keys, column, row, document.getBytes(StandardCharsets.UTF_8));
    }

    private static String token(Keyset keys, SealedColumn column, Object row, byte[] plain) {
        Token of = new Token(keys.primary(), row.toString(), column.column(), new byte[0]);
        byte[] context = of.context().getBytes(StandardCharsets.US_ASCII);
        return new Token(of.key(), of.row(), of.column(), keys.encrypt(plain, context)).toString();
    }

    private static String quoted(String token) {
        return '"' + token + '"';
    }

    /**
     * Opens a JSON document.
     *
     * @param row    the id of its row
     * @param naming what else of the row may name the row that a value comes from
     * @throws SealedValueException where it was changed or moved, or its key is not known; not {@link #forPeople}
     */
    public @Nullable String open(SealedColumn column, Object row, @Nullable String stored, String... naming) {
        if (stored == null || !mayBeSealed(stored)) {
            return stored;
        }
        return new Opening(this, column, row.toString(), stored, naming).document();
    }

    /** The same for a text, or for a member of a document that the database has read as a text. */
    public @Nullable String openText(SealedColumn column, Object row, @Nullable String stored, String... naming) {
        if (stored == null || !mayBeSealed(stored)) {
            return stored;
        }
        return new Opening(this, column, row.toString(), stored, naming).text();
    }

    /** The same for bytes. */
    public byte @Nullable [] openBytes(SealedColumn column, Object row, byte @Nullable [] stored) {
        if (stored == null || !isSealed(stored)) {
            return stored;
        }
        return new Opening(this, column, row.toString(), new String(stored, StandardCharsets.US_ASCII)).bytes();
    }

    /** Whether bytes begin as sealed ones do. */
    private static boolean isSealed(byte[] stored) {
        byte[] begin = Token.BEGIN.getBytes(StandardCharsets.US_ASCII);
        return stored.length > begin.length && Arrays.equals(begin, 0, begin.length, stored, 0, begin.length);
    }

    private static boolean mayBeSealed(String stored) {
        return stored.contains("drv1:") || stored.contains("drv0:");
    }

    /**
     * A stored value as it would be written now: with the primary key, for its own row; or not sealed, if nothing is.
     *
     * @return the same where nothing has to change
     */
    @Nullable
    String again(SealedColumn column, String row, @Nullable String stored, boolean text, String... naming) {
        if (stored == null || isCurrent(column, row, stored)) {
            return stored;
        }
        return text
                ? sealText(column, row, openText(column, row, stored, naming))
                : seal(column, row, open(column, row, stored, naming));
    }

    private boolean isCurrent(SealedColumn column, String row, String stored) {
        String primary = primary();
        if (primary == null) {
            return !stored.contains(Token.BEGIN);
        }
        Matcher token = Token.PATTERN.matcher(stored);
        String rest = token.replaceAll(found -> Token.of(found).isOf(primary, row, column.column()) ? "" : "drv1:");
        if (rest.contains(Token.BEGIN) && !withoutCauses(rest).equals(rest)) {
            rest = withoutCauses(rest);
        }
        return !rest.contains(Token.BEGIN) && (rest.isEmpty() || rest.equals("\"\"") || hasOnlyClear(column, rest));
    }

    private static boolean hasOnlyClear(SealedColumn column, String rest) {
        if (column.clear().isEmpty() || !rest.startsWith("{")) {
            return false;
        }
        return parse(rest).properties().stream()
                .allMatch(member -> column.clear().contains(member.getKey())
                        || member.getValue().isTextual()
                                && member.getValue().asText().isEmpty());
    }

    /** Under which causes a dead task may be found, sealed or not: see the function {@code dead_cause}. */
    public String[] causes(String cause) {
        return Stream.concat(
                        Stream.of(cause),
                        keys == null ? Stream.empty() : keys.keys().stream().map(key -> keys.digest(key, cause)))
                .toArray(String[]::new);
    }

    /** @throws SealedValueException unless it may be moved there */
    byte[] decrypt(Token token, SealedColumn column, String row) {
        String where = "%s of row %s".formatted(column.column(), row);
        if (keys == null || !keys.has(token.key())) {
            throw new SealedValueException(
                    "%s is sealed with key %s, which this process does not have; set drover.encryption.keyset to a keyset that holds it"
                            .formatted(where, token.key()));
        }
        try {
            return keys.decrypt(token.ciphertext(), token.context().getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new SealedValueException(
                    "%s cannot be opened with key %s: it was changed after it was sealed; restore the row from a backup"
                            .formatted(where, token.key()));
        }
    }

    /** What stands where a value cannot be opened, for people; else it is thrown. */
    String instead(SealedValueException refused) {
        if (!lenient) {
            throw refused;
        }
        return Json.write("(" + refused.getMessage() + ")");
    }

    static String withoutCauses(String clear) {
        return clear.contains(CAUSE) ? CAUSES.matcher(clear).replaceAll("") : clear;
    }

    private static JsonNode parse(String document) {
        try {
            return Json.mapper().readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("what is to be sealed is no JSON document", e);
        }
    }

    @Override
    public String toString() {
        return "Seals[keys=%s, on=%s]".formatted(keys().stream().sorted().collect(Collectors.joining(",")), seals);
    }
}
