package io.drover.route.check;

import org.apache.camel.Exchange;
import org.apache.camel.spi.SimpleFunction;

/** Lets an expression parse that uses one of Drover's functions; nothing is evaluated here. */
record NamedFunction(String getName) implements SimpleFunction {

    @Override
    public Object apply(Exchange exchange, Object input) {
        throw new UnsupportedOperationException("%s is for parsing only".formatted(getName));
    }
}
