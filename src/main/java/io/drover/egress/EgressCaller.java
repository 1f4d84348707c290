package io.drover.egress;

/** Knows for whom this thread connects. */
public interface EgressCaller {

    /** The tool whose steps run on this thread; empty if there is none. */
    String tool();
}
