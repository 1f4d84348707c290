package io.drover.task;

/**
 * What is known of a request whose body its sender signed.
 * Headers are not signed, so none of them says which delivery it is.
 *
 * @param digest   of the body as it came
 * @param idInBody whether the field {@code id} of the body is the sender's own id of the event
 */
public record SignedDelivery(String digest, boolean idInBody) {

    /** The attribute of a request that holds it. */
    public static final String ATTRIBUTE = SignedDelivery.class.getName();
}
