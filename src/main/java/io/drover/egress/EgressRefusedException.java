package io.drover.egress;

import io.drover.tool.PermanentFailure;
import io.drover.tool.TypedFailure;
import java.net.UnknownHostException;

/** A host or an address that no list allows. Nothing was sent, and the same call would not do better. */
public final class EgressRefusedException extends UnknownHostException implements PermanentFailure, TypedFailure {

    private static final long serialVersionUID = 1;

    EgressRefusedException(String message) {
        super(message);
    }

    @Override
    public boolean isPermanent() {
        return true;
    }

    @Override
    public String errorType() {
        return "EgressRefused";
    }
}
