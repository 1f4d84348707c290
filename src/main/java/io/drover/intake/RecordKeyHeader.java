package io.drover.intake;

import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.jspecify.annotations.Nullable;

/** Lets a task's key expression see the record's own key, whatever steps have made of the headers. */
public final class RecordKeyHeader {

    private RecordKeyHeader() {}

    public static @Nullable String evaluate(Expression key, Exchange exchange) {
        SourceRecord record = SourceRecord.of(exchange);
        String own = record == null ? null : record.keyText();
        if (own == null) {
            return key.evaluate(exchange, String.class);
        }
        Message message = exchange.getMessage();
        boolean had = message.getHeaders().containsKey(KafkaConstants.KEY);
        Object theirs = message.getHeader(KafkaConstants.KEY);
        message.setHeader(KafkaConstants.KEY, own);
        try {
            return key.evaluate(exchange, String.class);
        } finally {
            if (had) {
                message.setHeader(KafkaConstants.KEY, theirs);
            } else {
                message.removeHeader(KafkaConstants.KEY);
            }
        }
    }
}
