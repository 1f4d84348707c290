package io.drover.camel.simple;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.spi.SimpleFunction;
import org.springframework.stereotype.Component;

/**
 * {@code ${url(${variable.x})}}: a value as one part of a URL's path or as one value in its query. Everything but letters,
 * digits and {@code -._~} is percent-encoded, so a value cannot leave its place. To be used in the headers
 * {@code CamelHttpPath} and {@code CamelHttpQuery}; Camel decodes what stands in the URI of a {@code toD}.
 */
@Component
public class UrlFunction implements SimpleFunction {

    @Override
    public String getName() {
        return "url";
    }

    @Override
    public Object apply(Exchange exchange, Object input) {
        String text = exchange.getContext().getTypeConverter().convertTo(String.class, exchange, input);
        return encode(text == null ? "" : text);
    }

    static String encode(String text) {
        String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
        // A path of dots alone would be taken as "here" or "one up".
        return encoded.matches("\\.{1,2}") ? encoded.replace(".", "%2E") : encoded;
    }

    @Override
    public boolean allowNull() {
        return true;
    }
}
