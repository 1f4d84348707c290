package io.drover.guard;

import io.drover.guard.Settlement.Returned;
import io.drover.journal.PendingException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The last step inside the guard: takes the result of the author's steps, unless it comes after the timeout. */
final class CaptureResult implements Processor {

    private final JournalRepository journal;

    CaptureResult(JournalRepository journal) {
        this.journal = journal;
    }

    @Override
    public void process(Exchange exchange) {
        Try current = Try.of(exchange);
        TaskContext context = TaskContext.of(exchange);
        if (context != null && context.branch().isPending()) { // whatever a doCatch made of that
            throw new PendingException(context.attempt().lease());
        }
        Returned returned = ResultReader.read(exchange, current.call().spec().maxResultBytes())
                .without(current.call().identity().redaction());
        if (current.settle(returned) != returned) {
            journal.keepLate(current.call(), current.whyLate(), returned.document());
        }
    }
}
