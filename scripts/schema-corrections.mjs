/**
 * What the declarations of `@kubevirt-ui-ext/kubevirt-api` leave out or get wrong, by model:
 * limits, defaults and enumerations that only markers in the Go sources state, fields newer than
 * the package, and members whose types no declaration generator understands.
 * https://github.com/kubevirt/kubevirt/tree/v1.9.0/staging/src/kubevirt.io/api
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/staging/src/kubevirt.io/containerized-data-importer-api/pkg/apis/core/v1beta1/types.go
 */
import {
  anything,
  boolean,
  described,
  integer,
  intOrString,
  keyedBy,
  list,
  mapOf,
  nullableTime,
  object,
  oneOf,
  setOf,
  string,
  time,
} from './schema-parts.mjs'

const open = { 'x-kubernetes-preserve-unknown-fields': true }
const nullable = { nullable: true }
const atMost256 = { maxItems: 256 }
const overhead = { pattern: '^(0(?:\\.\\d{1,3})?|1)$' }
const checksum = { minimum: 0, maximum: 4294967295 }
const conditionTimes = {
  properties: { lastProbeTime: nullableTime, lastTransitionTime: nullableTime },
}

/** metav1.Condition, with the limits that its markers set. */
const metaCondition = {
  required: ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
  properties: {
    lastTransitionTime: time,
    message: { maxLength: 32768 },
    observedGeneration: { ...integer, minimum: 0 },
    reason: {
      minLength: 1,
      maxLength: 1024,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    },
    status: { enum: ['True', 'False', 'Unknown'] },
    type: {
      maxLength: 316,
      pattern:
        '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
    },
  },
}

const maxDowntimeMs = described(
  'MaxDowntimeMs is the maximum time, in milliseconds, that the guest may be paused at the end of a migration',
  { ...integer, minimum: 1, maximum: 2000000 },
)

/** The declarations describe what a quantity is instead of what this one is for. */
const describedAmount = (description) => ({ description })

const virtualMachineCorrections = {
  'kubevirt.V1VirtualMachineStatus': {
    properties: {
      printableStatus: { default: 'Stopped' },
      instancetypeRef: nullable,
      preferenceRef: nullable,
      memoryDumpRequest: nullable,
      startFailure: nullable,
      changedBlockTracking: nullable,
    },
  },
  'kubevirt.V1DataVolumeTemplateSpec': {
    ...nullable,
    properties: {
      metadata: { ...anything, ...nullable },
      status: nullable,
    },
  },
  'kubevirt.V1beta1DataVolumeSpec': {
    properties: { contentType: { enum: ['kubevirt', 'archive'] } },
  },
  'kubevirt.V1VirtualMachineInstanceSpec': {
    properties: {
      accessCredentials: atMost256,
      networks: atMost256,
      volumes: atMost256,
      resourceClaims: keyedBy('name'),
      serviceAccountName: described(
        'ServiceAccountName is the name of the service account the virt-launcher pod runs as.',
        string,
      ),
      topologySpreadConstraints: keyedBy('topologyKey', 'whenUnsatisfiable'),
      utilityVolumes: { ...atMost256, ...keyedBy('name') },
    },
  },
  'kubevirt.V1Memory': {
    properties: {
      guest: describedAmount(
        'Guest allows to specifying the amount of memory which is visible inside the Guest OS. The Guest must lie between Requests and Limits from the resources section. Defaults to the requested memory in the resources section if not specified.',
      ),
      maxGuest: describedAmount(
        'MaxGuest allows to specify the maximum amount of memory which is visible inside the Guest OS. The delta between MaxGuest and Guest is the amount of memory that can be hot(un)plugged.',
      ),
    },
  },
  'kubevirt.V1EmptyDiskSource': {
    properties: { capacity: describedAmount('Capacity of the sparse disk.') },
  },
  'kubevirt.V1HostDisk': {
    properties: { capacity: describedAmount('Capacity of the sparse disk') },
  },
  'kubevirt.V1DomainSpec': {
    properties: { rebootPolicy: { enum: ['Reboot', 'Terminate'] } },
  },
  'kubevirt.V1Clock': open,
  'kubevirt.V1Devices': { properties: { disks: atMost256, interfaces: atMost256 } },
  'kubevirt.V1Interface': {
    properties: {
      portRanges: described(
        'List of port ranges to be forwarded to the virtual machine.',
        list(
          object(
            {
              start: described(
                'First port of the range to expose for the virtual machine.',
                integer,
              ),
              end: described('Last port of the range to expose for the virtual machine.', integer),
              protocol: described('Protocol for the port range. Must be UDP or TCP.', string),
            },
            ['end', 'protocol', 'start'],
          ),
        ),
      ),
    },
  },
  'kubevirt.V1Network': {
    properties: {
      resourceClaim: described(
        'ResourceClaim represents a network resource requested through dynamic resource allocation.',
        object({ claimName: string, requestName: string }),
      ),
    },
  },
  'kubevirt.V1ReservedOverhead': {
    properties: { memLock: { enum: ['NotRequired', 'Required'] } },
  },
  'kubevirt.V1ContainerPathVolumeSource': {
    properties: { path: { maxLength: 4096 }, readOnly: { default: true } },
  },
  'kubevirt.V1QemuGuestAgentSSHPublicKeyAccessCredentialPropagation': {
    properties: { users: setOf },
  },
  'kubevirt.K8sIoApiCoreV1HTTPGetAction': { required: ['port'], properties: { port: intOrString } },
  'kubevirt.K8sIoApiCoreV1TCPSocketAction': {
    required: ['port'],
    properties: { port: intOrString },
  },
  'kubevirt.V1PersistentVolumeClaimInfo': { properties: { filesystemOverhead: overhead } },
  'kubevirt.V1VirtualMachineInstanceMigrationState': {
    properties: { startTimestamp: nullableTime, endTimestamp: nullableTime },
  },
  'kubevirt.V1MigrationConfiguration': { properties: { maxDowntimeMs } },
  'kubevirt.V1KernelInfo': { properties: { checksum } },
  'kubevirt.V1InitrdInfo': { properties: { checksum } },
  'kubevirt.V1ContainerDiskInfo': { properties: { checksum } },
  'kubevirt.V1VirtualMachineInstanceReplicaSet': { properties: { status: nullable } },
}

const clusterCorrections = {
  'kubevirt.V1TokenBucketRateLimiter': { properties: { qps: { type: 'number' } } },
  'kubevirt.V1KubeVirtConfiguration': {
    properties: {
      changedBlockTrackingLabelSelectors: nullable,
      commonInstancetypesDeployment: nullable,
      confidentialCompute: nullable,
      hypervisors: { maxItems: 1 },
      instancetype: nullable,
      persistentReservationConfiguration: object({ enabled: boolean }),
      roleAggregationStrategy: { enum: ['AggregateToDefault', 'Manual'] },
      supportContainerResources: keyedBy('type'),
      virtTemplateDeployment: nullable,
      vmRolloutStrategy: { enum: ['Stage', 'LiveUpdate'], ...nullable },
    },
  },
  'kubevirt.V1InstancetypeConfiguration': {
    properties: { referencePolicy: { enum: ['reference', 'expand', 'expandAll'], ...nullable } },
  },
  'kubevirt.V1DeveloperConfiguration': { properties: { memoryOvercommit: { minimum: 10 } } },
  'kubevirt.V1alpha1MigrationPolicy': { properties: { status: nullable } },
  'kubevirt.V1alpha1MigrationPolicySpec': { properties: { maxDowntimeMs } },
  'kubevirt.V1beta1VirtualMachinePoolSpec': { properties: { replicas: { minimum: 0 } } },
}

const backupCorrections = {
  'kubevirt.V1beta1VirtualMachineCloneSpec': {
    properties: { volumeNamePolicy: { enum: ['RandomizeNames', 'PrefixTargetName'] } },
  },
  'kubevirt.V1beta1VirtualMachineCloneStatus': {
    properties: {
      creationTime: nullableTime,
      restoreName: nullable,
      snapshotName: nullable,
      targetName: nullable,
    },
  },
  'kubevirt.V1beta1VirtualMachineSnapshotStatus': {
    properties: { creationTime: nullableTime, indications: setOf },
  },
  'kubevirt.V1beta1VirtualMachineSnapshotContentStatus': {
    properties: { creationTime: nullableTime },
  },
  'kubevirt.V1beta1VolumeSnapshotStatus': { properties: { creationTime: nullableTime } },
  'kubevirt.V1beta1SnapshotVolumesLists': {
    properties: { includedVolumes: setOf, excludedVolumes: setOf },
  },
  'kubevirt.V1beta1VirtualMachineRestoreSpec': {
    properties: {
      targetReadinessPolicy: {
        enum: ['StopTarget', 'WaitGracePeriod', 'FailImmediate', 'WaitEventually'],
        default: 'WaitGracePeriod',
      },
    },
  },
  'kubevirt.V1beta1VirtualMachineRestoreStatus': { properties: { deletedDataVolumes: setOf } },
  'kubevirt.V1beta1VirtualMachineExportLink': {
    properties: { backups: keyedBy('name'), manifests: keyedBy('type'), volumes: keyedBy('name') },
  },
  'kubevirt.V1beta1VirtualMachineExportBackup': { properties: { endpoints: keyedBy('endpoint') } },
  'kubevirt.V1beta1VirtualMachineExportVolume': { properties: { formats: keyedBy('format') } },
  'kubevirt.V1alpha1VirtualMachineBackupSpec': { properties: { mode: { enum: ['Push', 'Pull'] } } },
  'kubevirt.V1alpha1VirtualMachineBackupStatus': {
    properties: { conditions: keyedBy('type'), exportUID: string },
  },
  'kubevirt.V1beta1MemoryInstancetype': {
    properties: { overcommitPercent: { minimum: 0, maximum: 100 } },
  },
  'kubevirt.V1beta1VirtualMachinePreferenceSpec': {
    properties: { preferredLaunchSecurity: { $ref: 'kubevirt.V1LaunchSecurity' } },
  },
}

const templateCorrections = {
  'virt-template.V1alpha1VirtualMachineTemplate': { required: ['spec'] },
  'virt-template.V1alpha1VirtualMachineTemplateSpec': { properties: { virtualMachine: open } },
  'virt-template.V1alpha1VirtualMachineTemplateSpecParameters': {
    properties: { generate: { enum: ['expression'] } },
  },
  'virt-template.V1alpha1VirtualMachineTemplateRequest': { required: ['spec'] },
  'virt-template.V1alpha1VirtualMachineTemplateRequestSpec': {
    properties: {
      templateLabels: mapOf(string),
      ttlSecondsAfterFinished: { ...integer, minimum: 0 },
    },
  },
}

const cdi = 'containerized-data-importer.V1beta1'

const cdiCorrections = {
  [`${cdi}DataVolumeSpec`]: { properties: { contentType: { enum: ['kubevirt', 'archive'] } } },
  [`${cdi}DataVolumeSourceHTTP`]: { properties: { checksum: string, insecureSkipVerify: boolean } },
  [`${cdi}DataVolumeSourceImageIO`]: { properties: { insecureSkipVerify: boolean } },
  [`${cdi}DataVolumeSourceVDDK`]: { properties: { certConfigMap: string } },
  [`${cdi}DataImportCronSpec`]: {
    properties: { serviceAccountName: { ...string, minLength: 1 } },
  },
  [`${cdi}FilesystemOverhead`]: { properties: { global: overhead } },
  [`${cdi}TLSSecurityProfile`]: {
    properties: {
      custom: nullable,
      intermediate: nullable,
      modern: nullable,
      old: nullable,
      type: oneOf('Old', 'Intermediate', 'Modern', 'Custom'),
    },
  },
  [`${cdi}CDIConfigSpec`]: { properties: { webhookPvcRendering: string } },
}

export const corrections = {
  ...virtualMachineCorrections,
  ...clusterCorrections,
  ...backupCorrections,
  ...templateCorrections,
  ...cdiCorrections,
  'kubevirt.V1alpha1Condition': metaCondition,
  ...Object.fromEntries(
    [
      'V1KubeVirtCondition',
      'V1VirtualMachineCondition',
      'V1VirtualMachineInstanceCondition',
      'V1VirtualMachineInstanceMigrationCondition',
      'V1VirtualMachineInstanceReplicaSetCondition',
      'V1alpha1VirtualMachinePoolCondition',
      'V1beta1Condition',
      'V1beta1VirtualMachinePoolCondition',
    ].map((name) => [`kubevirt.${name}`, conditionTimes]),
  ),
}

/**
 * Members whose JSON names the declarations do not tell: the generator lowers the first letter.
 * By model and declared name.
 */
export const wireNames = {
  'kubevirt.V1VirtualMachineInstanceStatus': { vSOCKCID: 'VSOCKCID' },
  [`${cdi}ImportProxy`]: { hTTPProxy: 'HTTPProxy', hTTPSProxy: 'HTTPSProxy' },
  [`${cdi}ImportStatus`]: { dataVolumeName: 'DataVolumeName', digest: 'Digest' },
}
