package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a snapshot's id from the command line. */
final class IdConverter implements ITypeConverter<SnapshotId> {
    @Override
    public SnapshotId convert(String text) {
        try {
            return new SnapshotId(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
