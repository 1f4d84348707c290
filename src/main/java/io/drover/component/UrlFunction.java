package io.drover.component;

import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.spi.SimpleFunction;
import org.springframework.stereotype.Component;

/**
 * {@code ${url(${variable.email})}}: percent-encodes a value, so that it stays one segment of a path or one value of
 * a query.
 * All characters but the unreserved ones of RFC 3986 are encoded.
 *
 * <p>Use it in the headers {@code CamelHttpPath} and {@code CamelHttpQuery} of a step {@code to: http:...}, and not
 * into the URI of a {@code toD}, which decodes paths again.
 */
@Component
class UrlFunction implements SimpleFunction {

    private static final String UNRESERVED = "-._~";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    @Override
    public String getName() {
        return "url";
    }

    /** A value that is missing is refused too: without it the URL would name something else. */
    @Override
    public boolean allowNull() {
        return true;
    }

    @Override
    public Object apply(Exchange exchange, Object input) {
        String value =
                input == null ? "" : exchange.getContext().getTypeConverter().convertTo(String.class, input);
        if (value.isEmpty() || value.equals(".") || value.equals("..")) {
            throw new UrlValueException(value);
        }
        return encoded(value);
    }

    /** All characters but the unreserved ones are encoded. */
    static String encoded(String value) {
        StringBuilder encoded = new StringBuilder(value.length() + 16);
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (isUnreserved(b)) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX[b >> 4 & 15]).append(HEX[b & 15]);
            }
        }
        return encoded.toString();
    }

    private static boolean isUnreserved(byte b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || UNRESERVED.indexOf(b) >= 0;
    }
}
