// A vCenter, or with -esx one ESXi host, of VMware's own making: govmomi's simulator, as Debian has it in
// golang-github-vmware-govmomi-dev. That package lacks the program vcsim, after which this one is made:
// https://github.com/vmware/govmomi/blob/v0.24.2/vcsim/main.go (Apache License 2.0).
//
// It prints "READY URL" and ends with its standard input.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net/url"
	"os"

	"github.com/vmware/govmomi/simulator"
)

func main() {
	listen := flag.String("l", "127.0.0.1:0", "listen address")
	esx := flag.Bool("esx", false, "one ESXi host instead of a vCenter")
	hosts := flag.Int("host", 3, "hosts of the cluster")
	vms := flag.Int("vm", 6, "VMs")
	user := flag.String("username", "", "the only user who is let in")
	password := flag.String("password", "", "and the password")
	flag.Parse()

	model := simulator.VPX()
	if *esx {
		model = simulator.ESX()
	} else {
		model.Cluster, model.ClusterHost, model.Host = 1, *hosts, 0
	}
	model.Machine = *vms
	if err := model.Create(); err != nil {
		log.Fatal(err)
	}
	model.Service.TLS = new(tls.Config)
	model.Service.Listen = &url.URL{
		Scheme: "https",
		Host:   *listen,
		Path:   "/sdk",
		User:   url.UserPassword(*user, *password),
	}
	server := model.Service.NewServer()
	fmt.Printf("READY https://%s\n", server.URL.Host)
	_, _ = io.Copy(io.Discard, os.Stdin)
	server.Close()
}
