package io.drover.who;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a component of a view (a record) that holds content of tasks: what people and systems outside sent, were asked or
 * answered.
 * {@link Payloads} replaces it for a caller who may not read that.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Payload {

    /** Whether a text is a JSON document, which stays one. */
    boolean json() default false;

    /** The members of a JSON object that are no content: they are shown to everybody, and one {@code message} for all others. */
    String[] keeps() default {};
}
