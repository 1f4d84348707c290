package io.drover.component;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.TypeConverter;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.SimpleTypeConverter;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes no other number of a number. Camel compares two numbers as {@code long} where it can convert them, and its own
 * conversion cuts off what does not fit: {@code 100.5 > 100} was false, and so was {@code 1e308 > 100}, in an approval,
 * a standing grant and a {@code when}. What is no whole number, or too large, is now compared as {@code double}.
 */
@Component
class ExactNumbers implements CamelContextConfiguration {

    private static final List<Class<? extends Number>> WIDER =
            List.of(BigDecimal.class, BigInteger.class, Double.class, Float.class, Long.class);

    private static final int LONGEST = 19;

    @Override
    public void beforeApplicationStart(CamelContext context) {
        TypeConverterRegistry converters = context.getTypeConverterRegistry();
        for (Class<? extends Number> from : WIDER) {
            converters.addTypeConverter(
                    Long.class, from, new SimpleTypeConverter(false, (type, exchange, value) -> exact(value, true)));
            converters.addTypeConverter(
                    Integer.class,
                    from,
                    new SimpleTypeConverter(false, (type, exchange, value) -> exact(value, false)));
        }
    }

    /** Camel's other converters are not asked after {@code MISS_VALUE}; after null they are. */
    private static Object exact(Object number, boolean wide) {
        BigDecimal value = decimal(number);
        if (value == null
                || value.precision() - (long) value.scale() > LONGEST) { // the digits of 1e2147483647 are many
            return TypeConverter.MISS_VALUE;
        }
        try {
            return wide ? (Object) value.longValueExact() : (Object) value.intValueExact();
        } catch (ArithmeticException e) {
            return TypeConverter.MISS_VALUE;
        }
    }

    private static @Nullable BigDecimal decimal(Object number) {
        return switch (number) {
            case BigDecimal exact -> exact;
            case BigInteger whole -> new BigDecimal(whole);
            case Long whole -> BigDecimal.valueOf(whole);
            case Double real when Double.isFinite(real) -> new BigDecimal(real);
            case Float real when Float.isFinite(real) -> new BigDecimal(real);
            default -> null;
        };
    }

    @Override
    public void afterApplicationStart(CamelContext context) {
        // all is said before
    }
}
