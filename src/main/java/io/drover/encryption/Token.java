package io.drover.encryption;

import java.util.Base64;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A sealed value: {@code drv1:<key>:<row>/<table.column>:<ciphertext>}. It is a text without characters that JSON would
 * escape.
 *
 * @param key    the id of the key, an unsigned number
 * @param row    the id of the row that it was made for
 * @param column table and column that it was made for
 */
record Token(String key, String row, String column, byte[] ciphertext) {

    /** How a sealed value begins; no other value holds this, see {@link Clear}. */
    static final String BEGIN = "drv1:";

    static final Pattern PATTERN =
            Pattern.compile(BEGIN + "([0-9]{1,10}):([0-9a-f-]{1,36})/([a-z_]++\\.[a-z_]++):([A-Za-z0-9_-]++)");

    static Token of(MatchResult found) {
        String ciphertext = found.group(4);
        // one more character than bytes need is no Base64: it was cut
        byte[] bytes = ciphertext.length() % 4 == 1
                ? new byte[0]
                : Base64.getUrlDecoder().decode(ciphertext);
        return new Token(found.group(1), found.group(2), found.group(3), bytes);
    }

    boolean isOf(String itsKey, String itsRow, String itsColumn) {
        return key.equals(itsKey) && row.equals(itsRow) && column.equals(itsColumn);
    }

    String context() {
        return row + "/" + column;
    }

    @Override
    public String toString() {
        return BEGIN + key + ":" + context() + ":"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(ciphertext);
    }
}
