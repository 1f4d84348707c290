package io.drover.intake;

import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.jspecify.annotations.Nullable;

/** Lets the key expression of a task or a signal see the record's own key, whatever steps have made of the headers. */
public final class RecordKeyHeader {

    private RecordKeyHeader() {}

    public static @Nullable String evaluate(Expression key, Exchange exchange) {
        return shown(exchange, () -> key.evaluate(exchange, String.class));
    }

    /** What this computes with the record's own key among the headers. */
    public static @Nullable String shown(Exchange exchange, Supplier<@Nullable String> computed) {
        SourceRecord record = SourceRecord.of(exchange);
        String own = record == null ? null : record.keyText();
        if (own == null) {
            return computed.get();
        }
        Message message = exchange.getMessage();
        boolean had = message.getHeaders().containsKey(KafkaConstants.KEY);
        Object theirs = message.getHeader(KafkaConstants.KEY);
        message.setHeader(KafkaConstants.KEY, own);
        try {
            return computed.get();
        } finally {
            if (had) {
                message.setHeader(KafkaConstants.KEY, theirs);
            } else {
                message.removeHeader(KafkaConstants.KEY);
            }
        }
    }
}
