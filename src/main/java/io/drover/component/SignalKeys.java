package io.drover.component;

import io.drover.intake.RecordKeyHeader;
import org.apache.camel.Exchange;

/** Whom a signal concerns. */
final class SignalKeys {

    private SignalKeys() {}

    /** @throws IllegalArgumentException where an expression in it has no value: it must not concern all who lack one */
    static String of(KeyTemplate key, Exchange exchange, String step) {
        String text = RecordKeyHeader.shown(exchange, () -> key.of(exchange));
        if (text == null) {
            throw new IllegalArgumentException(
                    "%s: 'key' has an expression without a value; a signal needs to say whom it concerns"
                            .formatted(step));
        }
        return text;
    }
}
