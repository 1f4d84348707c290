package io.drover.start;

/** The version of this build. */
public final class Version {

    private Version() {}

    /** As the jar's manifest names it; {@code development} where the classes run outside of a jar. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
