package io.drover.encryption;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens what is sealed in one stored value. */
final class Opening {

    private final Seals seals;
    private final SealedColumn column;
    private final String row;
    private final String stored;
    private final String[] naming;

    Opening(Seals seals, SealedColumn column, String row, String stored, String... naming) {
        this.seals = seals;
        this.column = column;
        this.row = row;
        this.stored = stored;
        this.naming = naming;
    }

    /**
     * A JSON document. A string that is sealed becomes the document that it holds; within a longer string it becomes a part
     * of that string.
     */
    String document() {
        StringBuilder opened = new StringBuilder(stored.length());
        int from = 0;
        for (Matcher found = Token.PATTERN.matcher(stored); found.find(); ) {
            boolean whole = found.start() > 0
                    && stored.charAt(found.start() - 1) == '"'
                    && found.end() < stored.length()
                    && stored.charAt(found.end()) == '"';
            String document = open(found);
            opened.append(clear(stored.substring(from, found.start() - (whole ? 1 : 0))));
            opened.append(whole ? document : inner(document));
            from = found.end() + (whole ? 1 : 0);
        }
        return opened.append(clear(stored.substring(from))).toString();
    }

    /** A text. What is sealed in it are texts, too. */
    String text() {
        StringBuilder opened = new StringBuilder(stored.length());
        int from = 0;
        for (Matcher found = Token.PATTERN.matcher(stored); found.find(); from = found.end()) {
            opened.append(clear(stored.substring(from, found.start()))).append(read(open(found)));
        }
        return opened.append(clear(stored.substring(from))).toString();
    }

    byte[] bytes() {
        Matcher found = Token.PATTERN.matcher(stored);
        try {
            if (!found.matches()) {
                throw changed();
            }
            return decrypt(found);
        } catch (SealedValueException e) {
            return read(seals.instead(e)).getBytes(StandardCharsets.UTF_8);
        }
    }

    private String open(Matcher found) {
        try {
            return new String(decrypt(found), StandardCharsets.UTF_8);
        } catch (SealedValueException e) {
            return seals.instead(e);
        }
    }

    private byte[] decrypt(Matcher found) {
        Token token = Token.of(found);
        if (!token.column().equals(column.column()) && !column.takesFrom(token.column())
                || !token.row().equals(row) && !isNamed(token)) {
            throw new SealedValueException(
                    "%s of row %s holds a value that was sealed for %s of row %s: it was moved there; restore the row from a backup"
                            .formatted(column.column(), row, token.column(), token.row()));
        }
        return seals.decrypt(token, column, row);
    }

    /** Whether the document around a value, or what else the row holds, names the row that the value comes from. */
    private boolean isNamed(Token token) {
        if (token.column().equals(SealedColumn.SIGNAL_BODY.column())) {
            return Pattern.compile("\"signal\" ?: ?" + token.row() + "\\b")
                    .matcher(stored)
                    .find();
        }
        return column.takesFrom(token.column())
                && isId(token.row())
                && (Token.PATTERN.matcher(stored).replaceAll("").contains(token.row())
                        || Arrays.stream(naming).anyMatch(text -> text.contains(token.row())));
    }

    private static boolean isId(String row) {
        try {
            return UUID.fromString(row).toString().equals(row);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private String clear(String part) {
        String clear = Seals.withoutCauses(part);
        if (clear.contains(Token.BEGIN)) {
            return lenient(changed());
        }
        return Clear.read(clear);
    }

    private String lenient(SealedValueException refused) {
        return inner(seals.instead(refused));
    }

    private SealedValueException changed() {
        return new SealedValueException(
                "%s of row %s holds a part of a sealed value: it was cut; restore the row from a backup"
                        .formatted(column.column(), row));
    }

    private static String inner(String document) {
        if (document.length() < 2 || document.charAt(0) != '"') {
            throw new SealedValueException("a value that is no text was sealed into a text");
        }
        return document.substring(1, document.length() - 1);
    }

    private static String read(String document) {
        try {
            return Json.mapper().readTree(document).asText();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was sealed is no JSON document", e);
        }
    }
}
