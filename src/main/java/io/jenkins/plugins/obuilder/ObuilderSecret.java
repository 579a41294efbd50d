package io.jenkins.plugins.obuilder;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.io.Serializable;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Which credentials give a secret of the spec its value. */
public class ObuilderSecret extends AbstractDescribableImpl<ObuilderSecret> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final String credentialsId;
    private String part;

    /** @param id of the secret, as the spec names it */
    @DataBoundConstructor
    public ObuilderSecret(String id, String credentialsId) {
        this.id = id;
        this.credentialsId = credentialsId;
    }

    public String getId() {
        return id;
    }

    public String getCredentialsId() {
        return credentialsId;
    }

    /** Which part of the credentials: {@code username}, {@code password}, {@code passphrase}; null for what they are for. */
    @CheckForNull
    public String getPart() {
        return part;
    }

    @DataBoundSetter
    public void setPart(String part) {
        this.part = Texts.given(part);
    }

    /** The form. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<ObuilderSecret> {
        @NonNull @Override
        public String getDisplayName() {
            return Messages.ObuilderSecret_DisplayName();
        }

        /** The credentials that the job's builds may use; without the right to configure it, the chosen one alone. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String credentialsId) {
            StandardListBoxModel result = new StandardListBoxModel();
            String current = credentialsId == null ? "" : credentialsId;
            if (item == null ? !Jenkins.get().hasPermission(Jenkins.ADMINISTER) : !item.hasPermission(Item.CONFIGURE)) {
                return result.includeCurrentValue(current);
            }
            return result.includeEmptyValue()
                    .includeMatchingAs(
                            ACL.SYSTEM2,
                            item,
                            StandardCredentials.class,
                            List.of(),
                            CredentialsMatchers.anyOf(
                                    CredentialsMatchers.instanceOf(StringCredentials.class),
                                    CredentialsMatchers.instanceOf(FileCredentials.class),
                                    CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class),
                                    CredentialsMatchers.instanceOf(SSHUserPrivateKey.class)))
                    .includeCurrentValue(current);
        }

        @POST
        public ListBoxModel doFillPartItems() {
            return new ListBoxModel()
                    .add("")
                    .add(CredentialValues.USERNAME)
                    .add(CredentialValues.PASSWORD)
                    .add(CredentialValues.PASSPHRASE);
        }

        @POST
        public FormValidation doCheckId(@QueryParameter String value) {
            return FormValidation.validateRequired(value);
        }

        @POST
        public FormValidation doCheckCredentialsId(@QueryParameter String value) {
            return FormValidation.validateRequired(value);
        }
    }
}
