package io.drover.guard;

import org.apache.camel.Exchange;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;

/** A repository that knows a call by the exchange that carries it; by its key alone it can say nothing. */
abstract class ExchangeRepository extends ServiceSupport implements IdempotentRepository {

    @Override
    public final boolean add(String key) {
        throw withoutExchange();
    }

    @Override
    public final boolean contains(String key) {
        throw withoutExchange();
    }

    @Override
    public final boolean contains(Exchange exchange, String key) {
        throw withoutExchange();
    }

    @Override
    public final boolean remove(String key) {
        throw withoutExchange();
    }

    @Override
    public final boolean confirm(String key) {
        throw withoutExchange();
    }

    @Override
    public final void clear() {
        throw withoutExchange();
    }

    private UnsupportedOperationException withoutExchange() {
        return new UnsupportedOperationException(
                getClass().getSimpleName() + " is only asked with the exchange of a call, and never cleared");
    }
}
