import { literal, powershell } from './powershell.ts';

/*
 * What is asked of a Hyper-V host. States and ids are put into text there, as names of an enumeration, which are not
 * translated as the words are that people see; so are groups and services asked for by what is not a word.
 */

/** As Hyper-V writes one. */
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids come from the host and from journals; nothing but a GUID ever becomes part of a command. */
export function idOf(id: string): string {
  if (!guid.test(id)) throw new Error(`not a VM's id: ${JSON.stringify(id.slice(0, 60))}`);
  return id;
}

/**
 * Whether the user is one of Administrators, of Hyper-V Administrators. A group that counts only to deny does not.
 * @see https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers
 * @see https://learn.microsoft.com/dotnet/api/system.security.principal.windowsprincipal.isinrole
 */
const rights = [
  '$me=New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())',
  "$admin=$me.IsInRole([Security.Principal.SecurityIdentifier]'S-1-5-32-544')",
  "$hyperv=$me.IsInRole([Security.Principal.SecurityIdentifier]'S-1-5-32-578')",
].join('\n');

const guests = '@(Get-VM|ForEach-Object{@{id="$($_.Id)";name="$($_.Name)";state="$($_.State)"}})';

/** @see https://learn.microsoft.com/powershell/module/hyper-v/get-vm */
export const listVms = powershell(`${rights}\n@{admin=$admin;hyperv=$hyperv;guests=${guests}}`);

/**
 * The same with the host's place in a cluster. Whether it is in one stands in its registry, which all may read: who is no
 * Administrator and comes over the network is not told of services, and the cmdlets fail where there is no cluster.
 * @see https://learn.microsoft.com/powershell/module/failoverclusters/get-clusternode
 */
export const listVmsAndCluster = powershell(
  [
    rights,
    `$k=Get-ItemProperty -Path ${literal('HKLM:\\SYSTEM\\CurrentControlSet\\Services\\ClusSvc\\Parameters')} -ErrorAction SilentlyContinue`,
    '$c="$($k.ClusterName)"',
    "$n=@(if($c -ne ''){Get-ClusterNode -Name $env:COMPUTERNAME})",
    `@{admin=$admin;hyperv=$hyperv;guests=${guests};cluster=$c`,
    'nodes=@($n|ForEach-Object{@{state="$($_.State)";drain="$($_.DrainStatus)"}})}',
  ].join('\n'),
);

/**
 * The integration services of VMs that run. The one for shutting down is known by the end of its id.
 * @see https://learn.microsoft.com/powershell/module/hyper-v/get-vmintegrationservice
 * @see https://learn.microsoft.com/virtualization/hyper-v-on-windows/reference/integration-services
 */
export const listAgents = powershell(
  [
    '@{agents=@(Get-VM|Where-Object{"$($_.State)" -eq \'Running\'}|ForEach-Object{',
    '$a=@(Get-VMIntegrationService -VM $_|Where-Object{$_.Enabled -and "$($_.Id)" -like \'*9F8233AC-BE49-4C79-8EE3-E7E1985B2077\'})',
    '@{id="$($_.Id)";heartbeat="$($_.Heartbeat)";enabled="$($a.Count)"}})}',
  ].join('\n'),
);

/**
 * Asks the guest and returns at once, where Stop-VM waits until it is off and asks a user on the way.
 * @see https://learn.microsoft.com/windows/win32/hyperv_v2/msvm-shutdowncomponent-initiateshutdown
 */
export const askToShutDown = (id: string): string =>
  powershell(
    [
      `$v=Get-VM -Id ${literal(idOf(id))}`,
      `$c=@(Get-CimInstance -Namespace root/virtualization/v2 -ClassName Msvm_ShutdownComponent -Filter ${literal(`SystemName='${idOf(id)}'`)})`,
      "$r=@($c|Invoke-CimMethod -MethodName InitiateShutdown -Arguments @{Force=$true;Reason='Glidepath: power failure'})",
      '@{state="$($v.State)";codes=@($r|ForEach-Object{$_.ReturnValue})}',
    ].join('\n'),
  );

/** One that cannot be turned off keeps none of the others on. @see https://learn.microsoft.com/powershell/module/hyper-v/stop-vm (-TurnOff) */
export const turnOff = (ids: readonly string[]): string =>
  powershell(
    `${ids.map((id) => literal(idOf(id))).join(',')}|ForEach-Object{try{Get-VM -Id $_|Stop-VM -TurnOff -Force}catch{}}\n@{}`,
  );

/** @see https://learn.microsoft.com/powershell/module/hyper-v/start-vm */
export const startVm = (id: string): string =>
  powershell(
    `$v=Get-VM -Id ${literal(idOf(id))}\nif("$($v.State)" -ne 'Running' -and "$($v.State)" -ne 'Starting'){$v|Start-VM}\n@{}`,
  );

/**
 * Pauses this node and moves its roles away; returns while they move.
 * @see https://learn.microsoft.com/powershell/module/failoverclusters/suspend-clusternode
 */
export const suspendNode = powershell('$null=Suspend-ClusterNode -Name $env:COMPUTERNAME -Drain\n@{}');

/** Takes its roles back at once. @see https://learn.microsoft.com/powershell/module/failoverclusters/resume-clusternode */
export const resumeNode = powershell('$null=Resume-ClusterNode -Name $env:COMPUTERNAME -Failback Immediate\n@{}');

/** Of its cards, as one that serves a virtual switch shows its address only so. @see https://learn.microsoft.com/powershell/module/netadapter/get-netadapter (-Physical) */
export const listMacs = powershell('@{macs=@(Get-NetAdapter -Physical|ForEach-Object{"$($_.MacAddress)"})}');
