package io.drover.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a sender signs a request: which headers, and what is signed before the body. */
enum SignatureStyle {

    /** {@code X-Hub-Signature-256: sha256=<hex>}, over the body. */
    GITHUB("X-Hub-Signature-256", false) {
        @Override
        @Nullable
        Signature read(HttpServletRequest request) {
            return Signature.undated(single(request, header()), "sha256=");
        }
    },

    /** {@code Stripe-Signature: t=<seconds>,v1=<hex>}, over the time, a full stop and the body. */
    STRIPE("Stripe-Signature", true) {
        @Override
        @Nullable
        Signature read(HttpServletRequest request) {
            String time = "";
            StringBuilder signatures = new StringBuilder();
            for (String item : single(request, header()).split(",")) {
                if (item.startsWith("t=")) {
                    if (!time.isEmpty()) {
                        return null;
                    }
                    time = item.substring(2);
                } else if (item.startsWith("v1=")) { // v0 is of test events alone
                    signatures.append(item, 3, item.length()).append(' ');
                }
            }
            return Signature.dated(time, time + ".", signatures.toString());
        }
    },

    /** {@code X-Slack-Signature: v0=<hex>}, over {@code v0:<seconds>:} and the body. */
    SLACK("X-Slack-Signature", true) {
        @Override
        @Nullable
        Signature read(HttpServletRequest request) {
            String time = single(request, "X-Slack-Request-Timestamp");
            String signature = single(request, header());
            return signature.startsWith("v0=")
                    ? Signature.dated(time, "v0:" + time + ":", signature.substring(3))
                    : null;
        }
    };

    private final String header;
    private final boolean dated;

    SignatureStyle(String header, boolean dated) {
        this.header = header;
        this.dated = dated;
    }

    static Optional<SignatureStyle> of(@Nullable String text) {
        return Arrays.stream(values())
                .filter(style -> style.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst();
    }

    /** The header that holds the signature. */
    String header() {
        return header;
    }

    /** Whether the sender signs the time, too. */
    boolean isDated() {
        return dated;
    }

    /** What a request's headers say, or null where they are missing or say it in another form. */
    abstract @Nullable Signature read(HttpServletRequest request);

    /** A header that comes twice could be read in two ways. */
    private static String single(HttpServletRequest request, String header) {
        List<String> values = Collections.list(request.getHeaders(header));
        return values.size() == 1 ? values.getFirst() : "";
    }
}
